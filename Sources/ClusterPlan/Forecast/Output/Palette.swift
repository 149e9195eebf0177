/// The colours of pictures and pages, for light and dark and for paper.
///
/// Each is told from the others by its lightness too, for those who do not see colours; text has a
/// contrast of at least 4.5 to 1.
enum Palette {
  static let style = """
    :root{--ink:#1c2330;--soft:#5c6675;--line:#d5dae1;--paper:#fff;--card:#f6f7f9;\
    --old:#b9c2ce;--new:#2f7d5b;--stop:#b3261e;--warn:#8a5a00;--fine:#1f6f4d}\
    @media screen and (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a3adbb;\
    --line:#39424f;--paper:#161b22;--card:#1e252e;--old:#566274;--new:#4fb286;--stop:#ff8a7a;\
    --warn:#e3b341;--fine:#5cc795}}
    """
}
