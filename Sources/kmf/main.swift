import Glibc

Output.ignoreBrokenPipes()
CrashMessage.install()
exit(Program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
