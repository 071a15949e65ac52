// What is wrong with the page, each fault as a line of text.

/**
 * What is wider than the screen: of the page as a whole, and of code, which has to wrap.
 * What a program prints may scroll on a phone, if the keyboard can scroll it too.
 */
function overflow() {
  const faults = [];
  // mdBook's content scrolls within the page, which then has no overflow of its own.
  for (const box of [
    document.documentElement,
    document.getElementById("mdbook-content"),
  ]) {
    if (box.scrollWidth > box.clientWidth) {
      faults.push(
        `the page is ${box.scrollWidth} px wide, with room for ${box.clientWidth}`,
      );
    }
  }
  for (const code of document.querySelectorAll("main pre > code, main .row > code")) {
    const scrolls =
      innerWidth <= 900 && code.matches(".language-console") && code.tabIndex === 0;
    if (code.scrollWidth > code.clientWidth + 1 && !scrolls) {
      faults.push(`code is cut off: ${code.textContent.slice(0, 60)}`);
    }
  }
  return faults;
}

/** Whether the slide fills the screen, and nothing of what follows is seen. */
function slide() {
  const slide = document.querySelector("main .slide");
  if (!slide) return [];
  const faults = [];
  const end = slide.lastElementChild.getBoundingClientRect().bottom;
  if (end > innerHeight) faults.push(`the slide ends ${end - innerHeight} px too low`);
  const next = slide.nextElementSibling?.getBoundingClientRect().top ?? innerHeight;
  if (next < innerHeight)
    faults.push(`below the slide ${innerHeight - next} px are seen`);
  return faults;
}

/** Whether programs stand side by side where there is room, and else below each other. */
function columns(expected) {
  const faults = [];
  for (const row of document.querySelectorAll(".side-by-side .row")) {
    const names = [...row.querySelectorAll(".name")];
    const edges = new Set(names.map((name) => name.getBoundingClientRect().left));
    if (edges.size !== (expected ?? names.length)) {
      faults.push(`${edges.size} columns of ${names.length}`);
    }
  }
  return faults;
}

/** On paper there is no note for the teacher and no other language, but every answer. */
function paper() {
  const faults = [];
  for (const element of document.querySelectorAll("main .teacher, main .language")) {
    if (element.checkVisibility()) faults.push(`${element.className} is printed`);
  }
  for (const answer of document.querySelectorAll("main details.answer > :not(summary)")) {
    if (!answer.checkVisibility({ contentVisibilityAuto: true })) {
      faults.push("an answer is not printed");
    }
  }
  return faults;
}

/** What axe finds: contrast, headings, names of things. The menu is mdBook's own. */
async function axeFaults() {
  const options = {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "best-practice"],
  };
  const { violations } = await axe.run({ exclude: ["#mdbook-menu-bar"] }, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${target.join(" ")} ${any[0]?.message ?? ""}`),
  );
}
