import Foundation
import ManifestSyntax

/// A Chromium without a window, where there is one.
struct Browser {
  private let program: URL
  /// Where pictures are left for people to look at.
  let folder: URL

  init?() throws {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["KMF_BROWSER"].map { [$0] } ?? []
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let names = ["chromium", "chromium-browser", "google-chrome"]
    let places = named + names.flatMap { name in folders.map { $0 + "/" + name } }
    guard let found = places.first(where: FileManager.default.isExecutableFile) else {
      print("skipped: there is no browser; apt has one: scripts/setup.sh --with-browser")
      return nil
    }
    program = URL(filePath: found)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    folder = root.appending(path: ".build/reports")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func write(_ text: String, to name: String) throws -> URL {
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file
  }

  /// Shows a page, takes a picture of it, and gives its elements back.
  ///
  /// - Parameter size: Of the window: `1200,900`.
  func look(at page: URL, picture: String, size: String, isDark: Bool) throws -> String {
    try run(
      ["--window-size=" + size, "--screenshot=" + folder.appending(path: picture).path]
        + ["--dump-dom", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", page.path])
  }

  /// Prints a page as somebody does who reads it in the dark.
  func makePaper(of page: URL, to name: String) throws {
    _ = try run(
      ["--no-pdf-header-footer", "--blink-settings=preferredColorScheme=0"]
        + ["--print-to-pdf=" + folder.appending(path: name).path, page.path])
  }

  func bytes(of name: String) -> Data {
    (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
  }

  private func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        "timeout", "120", program.path, "--headless", "--no-sandbox", "--disable-gpu",
        "--hide-scrollbars",
      ]
      + ["--disable-dev-shm-usage", "--virtual-time-budget=5000"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}

/// A page that shows a report in frames of several widths, and says what is wrong with it.
enum ReportInspection {
  static let widths = [360, 768, 1200]

  static func page(of report: String) -> String {
    let source = report.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
    let frames = widths.map {
      "<iframe style=\"border:0;width:\($0)px;height:2600px\" srcdoc=\"\(source)\"></iframe>"
    }
    return """
      <!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">
      <body style="margin:0;display:flex;gap:8px;background:#888;width:2400px">
      \(frames.joined())
      <pre id="said" hidden></pre><script>\(script)</script></body>
      """
  }

  /// What the page said: nothing where all is well.
  static func troubles(_ elements: String) -> [String] {
    guard let start = elements.range(of: "id=\"said\" hidden=\"\">"),
      let end = elements.range(of: "</pre>", range: start.upperBound..<elements.endIndex)
    else { return ["the page said nothing"] }
    let said = elements[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
    return said.last == "looked" ? said.dropLast() : ["the page was not looked at: \(said)"]
  }

  /// Runs in the browser. Contrast is that of the Web Content Accessibility Guidelines.
  private static let script = #"""
    function numbers(color) { return color.match(/[\d.]+/g).map(Number); }
    function light(color) {
      const part = numbers(color).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
    }
    function paper(element, view) {
      for (let e = element; e; e = e.parentElement) {
        const color = view.getComputedStyle(e).backgroundColor;
        if (numbers(color)[3] !== 0) return color;
      }
      return 'rgb(255, 255, 255)';
    }
    function inspect(frame, say) {
      const page = frame.contentDocument, view = frame.contentWindow;
      const width = view.innerWidth;
      if (page.documentElement.scrollWidth > width) say('is wider than the window');
      for (const element of page.querySelectorAll('main *')) {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || element.closest('.scroll')) continue;
        if (box.right > width + 0.5) say('cut off: ' + element.outerHTML.slice(0, 80));
        const text = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (!text) continue;
        const style = view.getComputedStyle(element);
        const color = element.namespaceURI.endsWith('svg') ? style.fill : style.color;
        const pair = [light(color), light(paper(element, view))].sort((a, b) => b - a);
        const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
        if (contrast < 4.5) say('faint, ' + contrast.toFixed(2) + ': ' + element.textContent);
        const size = parseFloat(style.fontSize) *
          (element.ownerSVGElement ? element.getScreenCTM().a : 1);
        if (size < 11) say('small, ' + size.toFixed(1) + ': ' + element.textContent);
      }
      const pictures = [...page.querySelectorAll('svg')].filter(p => p.clientWidth > 0);
      if (pictures.length === 0) say('no picture is seen');
      for (const picture of pictures) {
        const frame = picture.getBoundingClientRect();
        if (frame.height < 100) say('a picture is flat');
        if (picture.getAttribute('aria-hidden') !== 'true') say('a picture is read out');
        for (const part of picture.querySelectorAll('text,path')) {
          const box = part.getBoundingClientRect();
          if (box.right > frame.right || box.left < frame.left || box.bottom > frame.bottom)
            say('sticks out of its picture: ' + part.outerHTML.slice(0, 80));
        }
      }
      const tables = [...page.querySelectorAll('table')];
      if (tables.length < pictures.length * 2) say('a picture has no table');
      for (const table of tables) {
        if (!table.caption || !table.querySelector('th[scope=col]'))
          say('a table says not of what');
        if (!table.tBodies[0].rows.length) say('a table is empty');
      }
      if (!page.title || !page.documentElement.lang || page.querySelectorAll('h1').length !== 1)
        say('no title, language or heading');
    }
    addEventListener('load', () => {
      const lines = [];
      for (const frame of document.querySelectorAll('iframe'))
        inspect(frame, text => lines.push(frame.style.width + ': ' + text));
      lines.push('looked');
      document.getElementById('said').textContent = lines.join('\n');
    });
    """#
}
