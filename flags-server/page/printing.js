/** The page on paper: every run is drawn, also those out of view on the screen. */

export class Printing {
  /**
   * Draws the runs of a `board` before they are printed. `whenChanged` is called as the
   * page gets ready for paper, with `true`, and as it is as before.
   */
  constructor(board, whenChanged) {
    const prepare = (isPrinted) => {
      // It is laid out as wide as the paper before it is drawn, or the printer would
      // squeeze pictures that were drawn for the screen.
      document.documentElement.classList.toggle("printing", isPrinted);
      whenChanged(isPrinted);
      board.isPrinted = isPrinted;
    };
    addEventListener("beforeprint", () => prepare(true));
    addEventListener("afterprint", () => prepare(false));
  }
}
