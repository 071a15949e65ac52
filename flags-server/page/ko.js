/** The texts of the page in Korean; en.js says what they are for. */

export const ko = {
  // The head of the page.
  title: "국기 내려받기, 실시간",
  skip: "실행 목록으로 건너뛰기",
  whatToType: "터미널에 입력할 명령",
  program: "프로그램",
  site: "사이트",
  connecting: "연결하는 중…",
  connected: "연결됨",
  lost: "연결이 끊겼습니다",
  command: "명령",
  compare: "비교",
  replay: "다시 보기",
  clear: "지우기",
  clearOld: "이전 실행 지우기",
  allCleared: "실행을 모두 지웠습니다.",
  undo: "되돌리기",
  copy: "복사",
  copied: "복사됨",
  hasCopied: "복사했습니다.",
  selected: "선택됨",
  pressToCopy: "Ctrl+C나 ⌘C를 누르면 복사됩니다.",
  showHidden: (number) => `숨긴 실행 ${number}개 보기`,
  clearForLoopback:
    "지우면 모두의 화면에서 사라지므로, 서버를 실행한 컴퓨터에서 localhost로 연 페이지에서만 " +
    "지울 수 있습니다. 여기서는 하나씩 숨길 수 있습니다.",
  noAnswer: "서버가 처리하지 못했습니다.",
  tooLate: "너무 늦어서 되돌릴 수 없습니다.",
  behaviour: (text) =>
    text
      .replace("answers at once", "바로 응답합니다")
      .replace(/answers after (\S+) to (\S+?)(?=,|$)/, "$1에서 $2 사이에 응답합니다")
      .replace(
        /answers after (\S+) on average \(exponential\)/,
        "평균 $1 뒤에 응답합니다 (지수 분포)",
      )
      .replace(
        /answers after (\S+) on average, later with more than (\S+) in flight/,
        "평균 $1 뒤에 응답합니다. 기다리는 요청이 $2개를 넘으면 더 늦어집니다",
      )
      .replace(/answers after (\S+?)(?=,|$)/, "$1 뒤에 응답합니다")
      .replace(/, (\S+) % with status 418/, ". 그중 $1%는 상태 코드 418입니다"),
  siteName: (name) => (name === "The site" ? "사이트" : name),

  // Before the first run.
  nothingYet: "아직 내려받은 국기가 없습니다",
  stepOpen: "이 페이지를 엽니다. 휴대전화로도 볼 수 있습니다",
  stepOpenAlone:
    "`{page}` 주소로는 이 컴퓨터에서만 볼 수 있습니다. 수업에서는 서버를 `--bind 0.0.0.0` " +
    "옵션으로 실행하고, 서버가 출력하는 주소를 엽니다.",
  qrCode: "이 주소의 QR 코드",
  stepExport: "터미널에 국기 사이트의 주소를 알려 줍니다",
  whyNothing:
    "이렇게 하지 않으면 `cargo run -p flags-async`는 자기만의 사이트를 따로 띄우므로, 이 " +
    "페이지에는 아무것도 나타나지 않습니다.",
  stepRun: "이 프로젝트 폴더에서 차례로 실행합니다",
  shapeOfOne: "국기를 하나씩 차례로 받습니다",
  shapeOfFive: "스레드 다섯 개가 국기를 하나씩 기다립니다",
  shapeOfAll: "스레드 하나가 스무 개를 한꺼번에 기다립니다",
  promise: "이런 그림이 여기에 그려집니다. 막대 하나가 응답을 기다리는 국기 하나입니다.",

  // What the marks mean.
  runs: "실행 목록, 최신순",
  marks: "기호의 뜻:",
  waitingMark: "기다림",
  flagIsThere: "국기 도착",
  threadMark: "스레드: 잠듦, 작업 중",
  notFoundMark: "없음 (404)",
  errorMark: "에러",
  timedOutMark: "시간 초과 또는 포기",
  density: "응답 대기 1, 5, 20, 100개",
  part: {
    site: "사이트의 응답을 기다림",
    turn: "차례를 기다림",
    work: "받아서 저장",
    idle: "쉼",
    rest: "응답 대기 없음",
  },

  // A run, and a request in it.
  pin: "고정",
  hide: "숨기기",
  you: "나",
  runNamed: (name) => `실행 ${name}`,
  nameless: "이름 없는 클라이언트",
  beforeRestart: "서버 재시작 전",
  runsAt: (site) => `${site} 사이트의 실행`,
  flags: "국기",
  answers: "응답",
  notFound: "없음",
  errors: "에러",
  givenUp: "포기",
  failed: "실패",
  inFlight: "응답 대기",
  atMost: "최대 응답 대기",
  onAverage: "평균 응답 대기",
  elapsed: "걸린 시간",
  asFast: "빠름",
  asFlagsSeq: "(flags-seq 대비)",
  times: (factor) => `${factor}배`,
  atOnce: (number) => `동시에 ${number}개`,
  numberLost: (number) => `✕ ${number}개 실패`,
  numberInFlight: (number) => `응답 대기 ${number}개`,
  seconds: (number) => `${number}초`,
  milliseconds: (number) => `${number}ms`,
  axis: (site, end) => `${site} 사이트의 모든 실행이 함께 쓰는 시간 축, 0부터 ${end}까지`,
  threads: (downloading, saving) =>
    `스레드 ${downloading}개${saving > 0 ? ` + 저장 스레드 ${saving}개` : ""}`,
  cpu: (cpu, elapsed) => `${elapsed} 중 CPU ${cpu}`,
  losses: ({ errors, failed, givenUp, notFound }) =>
    [
      errors > 0 && `에러 ${errors}개`,
      failed > 0 && `실패 ${failed}개`,
      givenUp > 0 && `포기 ${givenUp}개`,
      notFound > 0 && `없음 ${notFound}개`,
    ].filter(Boolean),
  inWords: (run) => {
    const parts = [
      `레인 ${run.lanes}개에 요청 ${run.requests}개`,
      `${run.areFlags ? "국기" : "응답"} ${run.done}개`,
      run.notFound > 0 && `없음 ${run.notFound}개`,
      run.errors > 0 && `에러 ${run.errors}개`,
      run.givenUp > 0 && `포기 ${run.givenUp}개`,
      run.failed > 0 && `실패 ${run.failed}개`,
      run.inFlight > 0 && `응답 대기 ${run.inFlight}개`,
      `최대 응답 대기 ${run.atMost}개`,
      `평균 응답 대기 ${run.onAverage}개`,
      `걸린 시간 ${run.elapsed}`,
    ];
    const person = run.name ? `${run.name}, ` : "";
    return `${person}${run.program}, ${run.site}: ${parts.filter(Boolean).join(", ")}.`;
  },
  finished: (sentence) => `끝났습니다. ${sentence}`,
  manyFinished: (number) => `실행 ${number}개가 끝났습니다.`,
  outcome: {
    done: "완료",
    "in flight": "응답 대기",
    "not known": "알 수 없음",
    "given up": "포기",
    "not found": "없음",
    error: "에러",
  },
  askedFor: "요청",
  waited: "기다린 시간",
  received: "도착",
  thread: "스레드",
  at: (time) => `${time} 시점`,

  // Its table.
  table: "표",
  tableOf: (title, kept, requests) =>
    `${title}: 요청 ${requests}개${kept < requests ? ` 중 처음 ${kept}개` : ""}`,
  columnNumber: "번호",
  columnRequest: "요청",
  columnThread: "스레드",
  columnLane: "레인",
  columnStart: "시작",
  columnTook: "걸린 시간",
  columnResult: "결과",

  // The view that compares.
  atWork: "작업 중",
  itsThreads: "스레드",
  allLeftOut: "모든 프로그램을 제외했습니다.",
  nothingToCompare: "아직 내려받은 국기가 없습니다.",
  choose: "고르기",
  allRuns: "모든 실행",
  runsToCompare: "비교할 실행",
  close: "닫기",
  latestRun: "가장 최근 실행",
  leftOut: "제외",
  requests: (number) => `요청 ${number}개`,
  onlySome: (most, others) =>
    `${most}개까지만 보여 줄 수 있습니다. ${eul(others)} 보려면 하나를 제외하세요.`,
  list: (parts) => parts.join(", "),
  comparing: (number, areWays, flags) => {
    const words = areWays
      ? `기다리는 방법 ${NUMBERS[number]} 가지`
      : `프로그램 ${NUMBERS[number]} 개`;
    return flags === null ? words : `같은 국기 ${flags}개, ${words}`;
  },
  factor: (times) => `flags-seq보다 ${times}배 빠름`,
  noMeasure: "비교할 flags-seq 실행이 없습니다",
  noFactor: (reason) => `배율 없음: ${reason}`,
  tooLittle: "재기에는 너무 짧습니다",
  notDone: (programs) => `${i(programs)} 아직 끝나지 않았습니다`,
  serverWent: (program) => `${program} 실행 중에 서버가 종료되었습니다`,
  lostFlags: (program, lost, all) =>
    `${eun(program)} 국기 ${all}개 중 ${lost}개를 받지 못했습니다`,
  onlyFirst: (program, first) => `${eun(program)} 처음 요청 ${first}개만 알 수 있습니다`,
  otherFlags: "받은 국기가 서로 다릅니다",
  otherNumbers: (asked) => `받은 국기가 서로 다릅니다 (${asked})`,
  numberIn: (number, program) => `${program} ${number}`,
  areasNotCompared: (reason) => `옅은 부분의 넓이는 비교하지 않습니다. ${reason}.`,
  sameArea: (runs, from, to) => {
    const waiting = from === to ? from : `${from}에서 ${to}`;
    return (
      `옅은 부분의 넓이는 ${NUMBERS[runs]} 실행 모두 같습니다. 기다린 시간의 합은 ` +
      `${waiting}입니다. 배치만 다릅니다.`
    );
  },
  areasDiffer: (each) => `같은 국기인데도 옅은 부분의 넓이가 다릅니다: ${each}.`,
  ownLimit: (flag, time) => `가장 느린 국기${flag.trim()}: ${time}`,
  limit: (flag, time) => `한계: 가장 느린 국기${flag.trim()}에 ${i(time)} 걸립니다`,
  waitingInAll: (person, way, time) =>
    `${person ? `${person}: ` : ""}${way}, 기다린 시간 합계 ${time}`,
  oneAfterAnother: "국기를 하나씩 차례로",
  inFlightAtMost: (number) => `최대 응답 대기 ${number}개`,
  oneWaits: (number) => `스레드 하나가 한꺼번에 최대 ${number}개를 기다림`,
  manyWait: (threads, number) =>
    `스레드 ${threads}개가 한꺼번에 최대 ${number}개를 기다림`,
  eachWaits: (threads) => `스레드 ${threads}개가 국기를 하나씩 기다림`,

  // The replay.
  back: "← 이전",
  play: "재생",
  pause: "멈춤",
  next: "다음 →",
  end: "끝내기",
  speed: (rate) => `재생 속도 ${rate}`,
  help: "스페이스 재생 · → 다음 · ← 이전 · S 느리게 · Esc 끝내기",
  helpWithoutMotion: "스페이스나 → 다음 · ← 이전 · Esc 끝내기",

  // What a run does at a moment. Only the last of several verbs ends the sentence.
  moment: (what, inFlight) => `${what}. 응답 대기 ${inFlight}개`,
  lastMoment: (what, end) => `${what}. ${end}`,
  doneAfter: (time) => `${time} 만에 끝났습니다`,
  ofMany: (inFlight, runs, done) =>
    `실행 ${runs}개에서 응답 대기 ${inFlight}개, 끝난 실행 ${done}개`,
  numberOfFlags: (number) => `국기 ${number}개`,
  chain: (parts) =>
    parts.map(({ and, end }, index) => (index < parts.length - 1 ? and : end)).join(", "),
  areAskedFor: (flags) => verb(eul(flags), "요청하고", "요청합니다"),
  ended: (flags, how, areMany, status) => {
    const note = how === "error" && !areMany ? `(${status})` : "";
    const [and, end] = {
      done: ["도착하고", "도착합니다"],
      "not found": ["없고", "없습니다"],
      error: [`실패하고${note}`, `실패합니다${note}`],
      "given up": ["포기되고", "포기됩니다"],
    }[how];
    return verb(i(flags), and, end);
  },
  threadsGet: (threads, flags) =>
    verb(`스레드 ${threads}개가 ${eul(flags)}`, "받고", "받습니다"),
  threadsAskFor: (threads, flags) =>
    verb(`스레드 ${threads}개가 ${eul(flags)}`, "요청하고", "요청합니다"),
  ofThread: (thread, what) => `${thread}번 스레드는 ${what}`,
  asksFor: (flags) => verb(eul(flags), "요청하고", "요청합니다"),
  wakesFor: (flags) => verb(`${i(flags)} 도착해`, "깨어나고", "깨어납니다"),
  gets: (flags) => verb(eul(flags), "받고", "받습니다"),
  saves: () => ({ and: "저장하고", end: "저장합니다" }),
  givesUp: (flags) => verb(eul(flags), "포기하고", "포기합니다"),
  learns: (flags, how, areMany, status) => {
    const what = how === "not found" ? "없다는" : "실패했다는";
    const note = how === "error" && !areMany ? `(${status})` : "";
    return verb(`${i(flags)} ${what} 것을${note}`, "알게 되고", "알게 됩니다");
  },
  sleeps: { and: "잠들고", end: "잠듭니다" },
  sleepsAgain: { and: "다시 잠들고", end: "다시 잠듭니다" },
  saver: (thread) => `. 저장은 ${thread}번 스레드가 합니다`,
  savers: (threads) => `. 저장은 스레드 ${threads}개가 합니다`,
  nothingArrives: "도착하는 것이 없습니다",
  threadWorks: (thread) => `${thread}번 스레드가 작업합니다`,
  threadsWork: (threads) => `스레드 ${threads}개가 작업합니다`,
  threadSleeps: "1번 스레드가 잠들어 있습니다",
  noneWorks: (threads) => `스레드 ${threads}개가 모두 잠들어 있습니다`,
};

const NUMBERS = ["영", "한", "두", "세", "네", "다섯"];

/** A verb with what belongs to it, before another one and at the end. */
function verb(before, and, end) {
  return { and: `${before} ${and}`, end: `${before} ${end}` };
}

function eul(word) {
  return word + (endsInConsonant(word) ? "을" : "를");
}

function i(word) {
  return word + (endsInConsonant(word) ? "이" : "가");
}

function eun(word) {
  return word + (endsInConsonant(word) ? "은" : "는");
}

/**
 * Whether a word ends in a consonant when it is read aloud, on which the particle after
 * it depends. Letters and digits are read by their Korean names: L is 엘, and 3 is 삼.
 */
function endsInConsonant(word) {
  const last =
    word
      .trim()
      .replace(/[^\p{L}\p{N}]+$/u, "")
      .at(-1) ?? "";
  const syllable = last.charCodeAt(0) - 0xac00;
  return syllable >= 0 && syllable <= 0xd7a3 - 0xac00
    ? syllable % 28 > 0
    : /[lmnr013678]/i.test(last);
}
