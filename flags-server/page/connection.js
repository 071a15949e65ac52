/** The connection to the server, and whether it still is one. */

/** How long to wait before a new connection where the browser has given up. */
const RETRY = 3000;
/** The server says every two seconds that it lives. After this long, it does not. */
const SILENCE = 5000;
/** Nothing has come for this long: the connection may be dead without an end. */
const DEAD = 15_000;

/**
 * Listens to the server. `take` has a function for each event, which gets its data, and
 * `lost` is called when nothing has been heard for too long, or the connection has ended.
 *
 * A tab that nobody sees has no connection, and `paused` is called as it gives up its
 * own: a browser has six of them for a server, so six open tabs would keep out a seventh.
 */
export function listen(take, lost, paused) {
  let events;
  let silence;
  let death;

  function forget() {
    clearTimeout(silence);
    clearTimeout(death);
  }

  function hear() {
    forget();
    silence = setTimeout(lost, SILENCE);
    death = setTimeout(connect, DEAD);
  }

  /** After most breaks the browser connects again by itself. */
  function connect() {
    forget();
    events?.close();
    events = new EventSource("/live/events");
    silence = setTimeout(lost, SILENCE);
    death = setTimeout(connect, DEAD);
    for (const [name, use] of Object.entries(take)) {
      events.addEventListener(name, ({ data }) => {
        hear();
        use(JSON.parse(data));
      });
    }
    events.addEventListener("error", () => {
      lost();
      forget();
      // Answers other than a stream, of a server that is full for example, end it.
      const isEnded = events.readyState === EventSource.CLOSED;
      death = setTimeout(connect, isEnded ? RETRY : DEAD);
    });
  }

  function follow() {
    if (document.hidden) {
      forget();
      events?.close();
      paused();
    } else {
      connect();
    }
  }

  document.addEventListener("visibilitychange", follow);
  follow();
}
