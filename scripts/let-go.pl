#!/usr/bin/perl
# let-go.pl IN OUT: copies a static library without the marks that keep unused functions.
#
# Functions that other libraries may call are marked (SHF_GNU_RETAIN), so that a linker keeps them
# even where nothing reaches them. In one static file nobody else can call them.
use strict;
use warnings;

my ($in, $out) = @ARGV;
open(my $file, '<:raw', $in) or die "let-go: $in: $!\n";
my $bytes = do { local $/; <$file> };
die "let-go: $in is no library\n" unless substr($bytes, 0, 8) eq "!<arch>\n";

for (my $at = 8; $at + 60 <= length $bytes;) {
  my $size = 0 + substr($bytes, $at + 48, 10);
  let_go($at + 60) if substr($bytes, $at + 60, 6) eq "\x7fELF\x02\x01";
  $at += 60 + $size + $size % 2;
}
open(my $copy, '>:raw', $out) or die "let-go: $out: $!\n";
print {$copy} $bytes;
close($copy) or die "let-go: $out: $!\n";

# Goes through the section headers of the object that begins at $start.
sub let_go {
  my ($start) = @_;
  my $headers = $start + unpack('Q<', substr($bytes, $start + 0x28, 8));
  my ($size, $count, $names) = unpack('S<3', substr($bytes, $start + 0x3a, 6));
  # Where there are too many sections, the first header holds the numbers.
  $count = unpack('Q<', substr($bytes, $headers + 0x20, 8)) if $count == 0;
  $names = unpack('L<', substr($bytes, $headers + 0x28, 4)) if $names == 0xffff;
  my $text = $start + unpack('Q<', substr($bytes, $headers + $names * $size + 0x18, 8));
  for my $number (0 .. $count - 1) {
    my $header = $headers + $number * $size;
    my ($name, $flags) = unpack('L<x4Q<', substr($bytes, $header, 16));
    next unless $flags & 0x200000;
    # What describes types must stay: it is found by going through all of it.
    next unless substr($bytes, $text + $name, 8) =~ /^\.(text|data|rodata|bss)/;
    substr($bytes, $header + 8, 8) = pack('Q<', $flags & ~0x200000);
  }
}
