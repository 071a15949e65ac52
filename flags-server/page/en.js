/**
 * The texts of the page in English. Those that are in its markup are named there by
 * `data-text` and the like; a backquote begins and ends what is to be typed, and `{page}`
 * is the address of the page.
 */

export const en = {
  // The head of the page.
  title: "Flags, live",
  skip: "Skip to the runs",
  whatToType: "What to type in a terminal",
  program: "Program",
  site: "Site",
  connecting: "Connecting…",
  connected: "Connected",
  lost: "Not connected any more",
  command: "Command",
  compare: "Compare",
  replay: "Replay",
  clear: "Clear",
  clearOld: "Clear old",
  allCleared: "All runs are cleared.",
  undo: "Undo",
  copy: "Copy",
  copied: "Copied",
  hasCopied: "Copied.",
  selected: "Selected",
  pressToCopy: "Press Ctrl+C or ⌘C to copy it.",
  showHidden: (number) => `Show ${number} hidden`,
  clearForLoopback:
    "Runs are cleared for everybody, so only the computer that serves them can do it, at " +
    "localhost. Here you can hide them one by one.",
  noAnswer: "The server did not do it.",
  tooLate: "It was too late for that: the runs are gone.",
  behaviour: (text) => text,
  siteName: (name) => name,

  // Before the first run.
  nothingYet: "Nothing has been downloaded yet",
  stepOpen: "Open this page, on phones too",
  stepOpenAlone:
    "At `{page}` it is seen on this computer only. For a class, start the server with " +
    "`--bind 0.0.0.0` and open the address that it prints.",
  qrCode: "The address as a QR code",
  stepExport: "Tell your terminal where the flags are",
  whyNothing:
    "Without that, `cargo run -p flags-async` starts a site of its own, and this page does " +
    "not hear of it.",
  stepRun: "Run one after the other, in the folder of this project",
  shapeOfOne: "one flag after another",
  shapeOfFive: "five threads, each waits for one flag",
  shapeOfAll: "one thread waits for all twenty at once",
  promise: "Such pictures will grow here. Each bar is a flag that is waited for.",

  // What the marks mean.
  runs: "Runs, the newest first",
  marks: "What the marks mean:",
  waitingMark: "waiting",
  flagIsThere: "the flag is there",
  threadMark: "a thread: sleeps, works",
  notFoundMark: "not found (404)",
  errorMark: "error",
  timedOutMark: "timed out or given up",
  density: "1, 5, 20, 100 in flight",
  part: {
    site: "waiting for the site",
    turn: "waiting for a turn",
    work: "receiving and saving",
    idle: "idle",
    rest: "not in flight",
  },

  // A run, and a request in it.
  pin: "Pin",
  hide: "Hide",
  you: "you",
  runNamed: (name) => `run ${name}`,
  nameless: "a client without a name",
  beforeRestart: "before the restart",
  runsAt: (site) => `Runs at ${site}`,
  flags: "flags",
  answers: "answers",
  notFound: "not found",
  errors: "errors",
  givenUp: "given up",
  failed: "failed",
  inFlight: "in flight",
  atMost: "in flight at most",
  onAverage: "in flight on average",
  elapsed: "elapsed",
  asFast: "as fast",
  asFlagsSeq: "as flags-seq",
  times: (factor) => `${factor} ×`,
  atOnce: (number) => `${number} at once`,
  numberLost: (number) => `✕ ${number} lost`,
  numberInFlight: (number) => `${number} in flight`,
  seconds: (number) => `${number} s`,
  milliseconds: (number) => `${number} ms`,
  axis: (site, end) => `One time scale for all runs at ${site}, from 0 to ${end}`,
  threads: (downloading, saving) => {
    const savers = ` + ${saving} that ${saving === 1 ? "saves" : "save"}`;
    return `${count(downloading, "thread")}${saving > 0 ? savers : ""}`;
  },
  cpu: (cpu, elapsed) => `CPU ${cpu} of ${elapsed}`,
  losses: ({ errors, failed, givenUp, notFound }) =>
    [
      errors > 0 && count(errors, "error"),
      failed > 0 && `${failed} failed`,
      givenUp > 0 && `${givenUp} given up`,
      notFound > 0 && `${notFound} not found`,
    ].filter(Boolean),
  inWords: (run) => {
    const parts = [
      `${count(run.requests, "request")} in ${count(run.lanes, "lane")}`,
      count(run.done, run.areFlags ? "flag" : "answer"),
      run.notFound > 0 && `${run.notFound} not found`,
      run.errors > 0 && count(run.errors, "error"),
      run.givenUp > 0 && `${run.givenUp} given up`,
      run.failed > 0 && `${run.failed} failed`,
      run.inFlight > 0 && `${run.inFlight} in flight`,
      `${run.atMost} in flight at most`,
      `${run.onAverage} in flight on average`,
      `${run.elapsed} elapsed`,
    ];
    const person = run.name ? `${run.name}, ` : "";
    return `${person}${run.program} at ${run.site}: ${parts.filter(Boolean).join(", ")}.`;
  },
  finished: (sentence) => `Finished: ${sentence}`,
  manyFinished: (number) => `${number} runs have finished.`,
  outcome: {
    done: "done",
    "in flight": "in flight",
    "not known": "not known",
    "given up": "given up",
    "not found": "not found",
    error: "error",
  },
  askedFor: "asked for",
  waited: "waited",
  received: "received",
  thread: "thread",
  at: (time) => `at ${time}`,

  // Its table.
  table: "Table",
  tableOf: (title, kept, requests) =>
    `${title}: ${kept < requests ? `the first ${kept} of ` : ""}${count(requests, "request")}`,
  columnNumber: "Nr.",
  columnRequest: "Request",
  columnThread: "Thread",
  columnLane: "Lane",
  columnStart: "Start",
  columnTook: "Took",
  columnResult: "Result",

  // The view that compares.
  atWork: "at work",
  itsThreads: "its threads",
  allLeftOut: "All programs are left out.",
  nothingToCompare: "Nothing has been downloaded yet.",
  choose: "Choose",
  allRuns: "All runs",
  runsToCompare: "The runs to compare",
  close: "Close",
  latestRun: "the latest run",
  leftOut: "left out",
  requests: (number) => count(number, "request"),
  onlySome: (most, others) => `Only ${most} fit: leave one out to see ${others}.`,
  list: (parts) =>
    parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts[0],
  comparing: (number, areWays, flags) => {
    const what = areWays ? "way to wait" : "program";
    const many = areWays ? "ways to wait" : "programs";
    const words = `${NUMBERS[number]} ${number === 1 ? what : many}`;
    return flags === null
      ? words[0].toUpperCase() + words.slice(1)
      : `The same ${count(flags, "flag")}, ${words}`;
  },
  factor: (times) => `${times}× as fast as flags-seq`,
  noMeasure: "no run of flags-seq to compare with",
  noFactor: (reason) => `no factor: ${reason}`,
  tooLittle: "there is too little to measure",
  notDone: (programs, areMany) => `${programs} ${areMany ? "are" : "is"} not done`,
  serverWent: (program) => `the server went away during ${program}`,
  lostFlags: (program, lost, all) => `${program} lost ${lost} of ${all} flags`,
  onlyFirst: (program, first) =>
    `of ${program} only the first ${first} requests are known`,
  otherFlags: "not the same flags",
  otherNumbers: (asked) => `not the same flags, ${asked}`,
  numberIn: (number, program) => `${number} in ${program}`,
  areasNotCompared: (reason) => `The pale areas are not compared: ${reason}.`,
  sameArea: (runs, from, to) => {
    const all = runs === 2 ? "both" : `all ${NUMBERS[runs]}`;
    const waiting = from === to ? from : `${from} to ${to}`;
    return (
      `The pale area is the same in ${all}: ${waiting} of waiting. ` +
      "Only its arrangement differs."
    );
  },
  areasDiffer: (each) => `The pale areas differ, though the flags are the same: ${each}.`,
  ownLimit: (flag, time) => `its slowest flag${flag} takes ${time}`,
  limit: (flag, time) => `limit: the slowest flag${flag} takes ${time}`,
  waitingInAll: (person, way, time) =>
    `${person ? `${person}: ` : ""}${way}, ${time} of waiting in all`,
  oneAfterAnother: "one flag after another",
  inFlightAtMost: (number) => `${number} in flight at most`,
  oneWaits: (number) => `one thread waits for up to ${number} at once`,
  manyWait: (threads, number) => `${threads} threads wait for up to ${number} at once`,
  eachWaits: (threads) => `${threads} threads, each waits for one flag`,

  // The replay.
  back: "← Back",
  play: "Play",
  pause: "Pause",
  next: "Next →",
  end: "End",
  speed: (rate) => `Speed ${rate}`,
  help: "Space plays · → next · ← back · S slow · Esc ends",
  helpWithoutMotion: "Space or → next · ← back · Esc ends",

  // What a run does at a moment.
  moment: (what, inFlight) => `${what}; ${inFlight} in flight`,
  lastMoment: (what, end) => `${what}; ${end}`,
  doneAfter: (time) => `done after ${time}`,
  ofMany: (inFlight, runs, done) =>
    `${inFlight} in flight in ${count(runs, "run")}, ${done} done`,
  numberOfFlags: (number) => count(number, "flag"),
  chain: (parts) => parts.join(", "),
  areAskedFor: (flags, areMany) => `${flags} ${areMany ? "are" : "is"} asked for`,
  ended: (flags, how, areMany, status) => `${flags} ${ended(how, areMany, status)}`,
  threadsGet: (threads, flags) =>
    `${count(threads, "thread")} ${threads === 1 ? "gets" : "get"} ${flags}`,
  threadsAskFor: (threads, flags) =>
    `${count(threads, "thread")} ${threads === 1 ? "asks for" : "ask for"} ${flags}`,
  ofThread: (thread, what) => `thread ${thread} ${what}`,
  asksFor: (flags) => `asks for ${flags}`,
  wakesFor: (flags) => `wakes for ${flags}`,
  gets: (flags) => `gets ${flags}`,
  saves: (areMany) => `saves ${it(areMany)}`,
  givesUp: (flags) => `gives ${flags} up`,
  learns: (flags, how, areMany, status) =>
    `learns that ${flags} ${ended(how, areMany, status)}`,
  sleeps: "sleeps",
  sleepsAgain: "sleeps again",
  saver: (thread, areMany) => `, thread ${thread} saves ${it(areMany)}`,
  savers: (threads, areMany) => `, ${threads} threads save ${it(areMany)}`,
  nothingArrives: "nothing arrives",
  threadWorks: (thread) => `thread ${thread} works`,
  threadsWork: (threads) => `${threads} threads work`,
  threadSleeps: "thread 1 sleeps",
  noneWorks: (threads) => `none of ${threads} threads works`,
};

const NUMBERS = ["no", "one", "two", "three", "four", "five"];

function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function it(areMany) {
  return areMany ? "them" : "it";
}

/** How requests ended, as a verb. */
function ended(how, areMany, status) {
  return {
    done: areMany ? "arrive" : "arrives",
    "not found": areMany ? "are not found" : "is not found",
    error: areMany ? "fail" : `fails (${status})`,
    "given up": areMany ? "are given up" : "is given up",
  }[how];
}
