//! What the loop promises to futures, whoever wrote them, and the traps on the way.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io::Write;
use std::net::TcpListener;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Poll, Waker, ready};
use std::thread;
use std::time::{Duration, Instant};

use event_loop::{Event, EventLoop, Step, TcpStream, spawn_blocking};
use flags_common::FlagError;
use futures::future::{Either, join_all, select};
use futures::stream::{FuturesUnordered, StreamExt};
use hyper::rt::{Read, ReadBuf};
use tokio::sync::{Semaphore, oneshot};

/// Much more than any of these tests takes, and much less than for ever.
const SOON: Duration = Duration::from_secs(30);

type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

fn event_loop() -> EventLoop {
    EventLoop::new(|_| {}).unwrap()
}

/// A loop, and the steps that it will have taken.
fn watched_loop() -> (EventLoop, Rc<RefCell<Vec<Step>>>) {
    let steps = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&steps);
    (EventLoop::new(move |step| seen.borrow_mut().push(step)).unwrap(), steps)
}

/// Reads at most this many bytes, and returns how many there were.
async fn read(stream: &mut TcpStream<'_>, most: usize) -> usize {
    poll_fn(|context| {
        let mut bytes = vec![0; most];
        let mut buffer = ReadBuf::new(&mut bytes);
        ready!(Pin::new(&mut *stream).poll_read(context, buffer.unfilled())).unwrap();
        Poll::Ready(buffer.filled().len())
    })
    .await
}

/// Runs a test that a lost wake-up would hang, and fails instead.
fn ends_soon(test: impl FnOnce() + Send + 'static) {
    let (ended, end) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        test();
        drop(ended);
    });
    // A test that has panicked drops its end as well, and `join` says so.
    assert_eq!(end.recv_timeout(SOON), Err(mpsc::RecvTimeoutError::Disconnected));
    thread.join().unwrap();
}

#[test]
fn outputs_come_in_the_order_of_the_futures_and_not_of_their_ends() {
    let event_loop = event_loop();
    let ends = RefCell::new(Vec::new());
    let outputs = event_loop.run([30, 10, 20].map(|time| {
        let (event_loop, ends) = (&event_loop, &ends);
        async move {
            event_loop.sleep(Duration::from_millis(time)).await;
            ends.borrow_mut().push(time);
            time
        }
    }));
    assert_eq!(outputs, [30, 10, 20]);
    assert_eq!(*ends.borrow(), [10, 20, 30]);
    assert!(event_loop.run(Vec::<Task<()>>::new()).is_empty());
}

#[test]
fn a_wake_from_another_thread_rings_the_sleeping_loop() {
    ends_soon(|| {
        // The loop says when it goes to sleep, so that the waker is called after that.
        let (asleep, sleeping) = mpsc::channel();
        let event_loop = EventLoop::new(move |step| {
            if matches!(step, Step::Wait { timeout: None, .. }) {
                let _ = asleep.send(());
            }
        });
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(move || {
            sleeping.recv().unwrap();
            sender.send(42).unwrap();
        });
        assert_eq!(event_loop.unwrap().run([receiver]), [Ok(42)]);
        thread.join().unwrap();
    });
}

#[test]
fn a_task_that_never_rests_leaves_turns_to_the_others_and_to_the_sockets() {
    ends_soon(|| {
        let (event_loop, is_over) = (event_loop(), Cell::new(false));
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let restless = poll_fn(|context| {
            context.waker().wake_by_ref();
            if is_over.get() { Poll::Ready(()) } else { Poll::Pending }
        });
        let connecting = async {
            event_loop.sleep(Duration::from_millis(10)).await;
            TcpStream::connect(&event_loop, listener.local_addr().unwrap())
                .await
                .unwrap();
            is_over.set(true);
        };
        let tasks: [Task<()>; 2] = [Box::pin(restless), Box::pin(connecting)];
        event_loop.run(tasks);
    });
}

#[test]
fn a_task_woken_twice_is_polled_once() {
    ends_soon(|| {
        let (polls, is_over, waker) =
            (Cell::new(0), Cell::new(false), RefCell::new(None));
        let twice = poll_fn(|context| {
            polls.set(polls.get() + 1);
            *waker.borrow_mut() = Some(context.waker().clone());
            if polls.get() == 1 {
                context.waker().wake_by_ref();
                context.waker().wake_by_ref();
            }
            if is_over.get() { Poll::Ready(()) } else { Poll::Pending }
        });
        // It ends the other one some rounds later.
        let rounds = Cell::new(0);
        let later = poll_fn(|context| {
            rounds.set(rounds.get() + 1);
            if rounds.get() < 5 {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            is_over.set(true);
            waker.borrow_mut().take().unwrap().wake();
            Poll::Ready(())
        });
        let tasks: [Task<()>; 2] = [Box::pin(twice), Box::pin(later)];
        event_loop().run(tasks);
        assert_eq!(polls.get(), 3, "at first, because of both wakes, and at the end");
    });
}

#[test]
fn bytes_that_came_before_anybody_waited_for_them_are_not_waited_for() {
    // The system tells only of a change, and here it has told of all bytes at once: who
    // waited after each read, and not only where reading would block, would never end.
    ends_soon(|| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (written, all_is_there) = oneshot::channel();
        let server = thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            stream.write_all(&[b'.'; 10_000]).unwrap();
            written.send(()).unwrap();
            // The connection stays open, or its end would be one more change.
            stream
        });
        let event_loop = event_loop();
        let reading = async {
            let mut stream = TcpStream::connect(&event_loop, address).await.unwrap();
            all_is_there.await.unwrap();
            let mut bytes = 0;
            while bytes < 10_000 {
                bytes += read(&mut stream, 100).await;
            }
        };
        event_loop.run([reading]);
        server.join().unwrap();
    });
}

#[test]
fn who_is_dropped_is_not_woken_and_not_waited_for() {
    ends_soon(|| {
        let (asleep, waits) = mpsc::channel();
        let event_loop = EventLoop::new(move |step| {
            if let Step::Wait { sockets, timeout } = step {
                let _ = asleep.send((sockets, timeout.is_some()));
            }
        });
        let event_loop = event_loop.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let (finish, finished) = oneshot::channel();
        let other = thread::spawn(move || {
            // Each is told only when the loop sleeps.
            assert!(waits.iter().any(|wait| wait == (1, true)));
            stop.send(()).unwrap();
            let wait = waits.iter().find(|(sockets, _)| *sockets == 0);
            finish.send(()).unwrap();
            assert_eq!(wait, Some((0, false)), "nothing is waited for but this thread");
        });
        let impatient = async {
            let silent = async {
                let mut stream = TcpStream::connect(&event_loop, address).await.unwrap();
                let hour = event_loop.sleep(Duration::from_secs(3600));
                select(Box::pin(read(&mut stream, 1)), hour).await;
            };
            assert!(matches!(select(Box::pin(silent), stopped).await, Either::Right(_)));
            finished.await.unwrap();
        };
        event_loop.run([impatient]);
        other.join().unwrap();
    });
}

#[test]
fn a_waker_that_outlives_its_task_does_no_harm() {
    let event_loop = event_loop();
    let kept: Waker = event_loop
        .run([poll_fn(|context| Poll::Ready(context.waker().clone()))])
        .remove(0);
    kept.wake_by_ref();
    event_loop.run([async { kept.wake_by_ref() }]);
    thread::spawn(move || kept.wake()).join().unwrap();
    event_loop.run([event_loop.sleep(Duration::from_millis(10))]);
}

#[test]
fn the_futures_of_others_run_on_it() {
    ends_soon(|| {
        let event_loop = event_loop();
        let sleep = |time| event_loop.sleep(Duration::from_millis(time));
        let start = Instant::now();
        event_loop.run([join_all((0..100).map(|_| sleep(50)))]);
        assert!(start.elapsed() < Duration::from_secs(2), "one after another it is 5 s");
        let count = async {
            (0..100).map(|_| sleep(5)).collect::<FuturesUnordered<_>>().count().await
        };
        assert_eq!(event_loop.run([count]), [100]);

        let (limit, at_once, most) = (Semaphore::new(3), Cell::new(0), Cell::new(0));
        event_loop.run((0..20).map(async |_| {
            let _permit = limit.acquire().await.unwrap();
            at_once.set(at_once.get() + 1);
            most.set(most.get().max(at_once.get()));
            sleep(1).await;
            at_once.set(at_once.get() - 1);
        }));
        assert_eq!((most.get(), at_once.get()), (3, 0));
    });
}

#[test]
fn work_on_another_thread_gives_its_result_or_its_panic_and_blocks_nobody() {
    ends_soon(|| {
        let event_loop = event_loop();
        let (release, released) = mpsc::channel();
        let blocked = spawn_blocking(move || released.recv().unwrap());
        // The work goes on only when this loop has done something else.
        let other = async {
            event_loop.sleep(Duration::from_millis(5)).await;
            release.send(42).unwrap();
            Ok(0)
        };
        let tasks: [Task<Result<i32, FlagError>>; 3] = [
            Box::pin(blocked),
            Box::pin(other),
            Box::pin(spawn_blocking(|| panic!("on purpose"))),
        ];
        let outputs = event_loop.run(tasks);
        assert!(matches!(outputs[..], [Ok(42), Ok(0), Err(FlagError::Abandoned)]));
        assert_eq!(event_loop.run([spawn_blocking(|| 43)])[0].clone().unwrap(), 43);
    });
}

#[test]
fn a_panic_of_a_future_ends_the_run_and_frees_all_it_held() {
    let event_loop = event_loop();
    let alive = Rc::new(());
    let held = Rc::clone(&alive);
    let sleeper = async {
        event_loop.sleep(Duration::from_secs(3600)).await;
        drop(held);
    };
    let tasks: [Task<()>; 2] =
        [Box::pin(sleeper), Box::pin(async { panic!("on purpose") })];
    let run = std::panic::AssertUnwindSafe(|| event_loop.run(tasks));
    std::panic::catch_unwind(run).unwrap_err();
    assert_eq!(Rc::strong_count(&alive), 1);
    // And the loop can be used again.
    event_loop.run([event_loop.sleep(Duration::from_millis(1))]);
}

#[test]
fn the_steps_of_a_run_are_told_in_their_order() {
    let names = |time| {
        let (event_loop, steps) = watched_loop();
        event_loop.run([event_loop.sleep(time)]);
        let steps = steps.borrow();
        let name = |step: &Step| match step {
            Step::Begin(1) => "❶",
            Step::Poll(0) => "❷❻",
            Step::WaitFor(Event::Time(..)) | Step::Pending(0) => "❸",
            Step::Wait { sockets: 0, timeout: Some(_) } => "❹",
            Step::Wake(Event::Time(..)) => "❺",
            Step::Ready(0) => "Ready",
            other => panic!("{other:?}"),
        };
        steps.iter().map(name).collect::<Vec<_>>()
    };
    // On a busy machine a short time may be over before the loop can wait for it.
    let all = ["❶", "❷❻", "❸", "❸", "❹", "❺", "❷❻", "Ready"];
    let times = [1, 10, 100, 1000, 10_000].map(Duration::from_millis);
    assert!(times.into_iter().any(|time| names(time) == all), "{:?}", names(times[0]));
}
