//! The loop: a queue of tasks that can go on, and one place to wait.
//!
//! A *task* is a future with a place in the loop. It stands in the queue when it can go
//! on, and nowhere when it waits: then only its *waker* knows of it, which lies with what
//! it waits for. The signs are the six steps of *Fluent Python*, 1st ed., section 18.2:
//!
//! ```text
//! ❶ futures ──▶ queue ──▶ ❷ poll ──▶ Ready: the task has finished
//!                 ▲  ▲       └─────▶ ❸ Pending: its waker lies with a socket, a timer …
//!                 │  └─ wake() ◀── ❺ one of them is ready ◀── ❹ the system waits for all
//!                 └─ wake() ◀── a task, or ❺ another thread
//! ```
//!
//! ❻ is the same as ❷, once more. The operating system has a call that waits for many
//! sockets at once (epoll, kqueue, …); mio gives it the same form everywhere. It happens
//! to be called `mio::Poll`, and has nothing to do with polling a future.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use mio::{Events, Interest, Token, event::Source};

use crate::event::Event;
use crate::step::Step;

/// An event loop, with the wakers of all who wait for a socket or for the time.
pub struct EventLoop {
    system: RefCell<mio::Poll>,
    /// How another thread tells the loop, asleep in the system, to look at the queue.
    bell: Arc<mio::Waker>,
    /// Sorted: times before all else, and the next one at the front.
    sleepers: RefCell<BTreeMap<Event, Waker>>,
    sockets: Cell<usize>,
    timers: Cell<usize>,
    watch: Box<dyn Fn(Step)>,
}

/// The token of the bell. Sockets are counted from 1.
const BELL: Token = Token(0);

/// What a task leaves with whatever it waits for.
struct TaskWaker {
    task: usize,
    queue: Sender<usize>,
    thread: ThreadId,
    bell: Arc<mio::Waker>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // It fails when all tasks have finished, and nobody is left to be woken.
        let _ = self.queue.send(self.task);
        // A task that wakes another one runs on the loop's own thread. Another thread may
        // find the loop asleep in the system: without the bell this wake would be lost.
        if thread::current().id() != self.thread {
            let _ = self.bell.wake();
        }
    }
}

impl EventLoop {
    /// An event loop that tells `watch` each of its steps. That must not wake a task: it
    /// may be told when the loop is about to sleep, and has seen that the queue is empty.
    ///
    /// # Errors
    ///
    /// When the system has no descriptor left.
    pub fn new(watch: impl Fn(Step) + 'static) -> io::Result<Self> {
        let system = mio::Poll::new()?;
        let bell = Arc::new(mio::Waker::new(system.registry(), BELL)?);
        let (system, sleepers) = (RefCell::new(system), RefCell::default());
        let (sockets, timers) = (Cell::new(0), Cell::new(0));
        Ok(Self { system, bell, sleepers, sockets, timers, watch: Box::new(watch) })
    }

    /// Runs futures, each as a task, and returns their outputs in the order of the
    /// futures: `block_on(join_all(futures))`.
    ///
    /// The tasks live in the frame of this function. So they may borrow from its caller,
    /// where those of `tokio::spawn` have to be `'static`.
    ///
    /// # Panics
    ///
    /// When one of the futures does, which ends them all.
    pub fn run<F: Future>(&self, futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
        // ❶ Each future becomes a task: pinned to a place, as it may point into itself.
        let mut tasks: Vec<_> = futures.into_iter().map(Box::pin).map(Some).collect();
        let mut outputs: Vec<_> = tasks.iter().map(|_| None).collect();
        let (queue, woken) = channel();
        let waker = |task| {
            let (queue, thread) = (queue.clone(), thread::current().id());
            Waker::from(Arc::new(TaskWaker {
                task,
                queue,
                thread,
                bell: Arc::clone(&self.bell),
            }))
        };
        let wakers: Vec<_> = (0..tasks.len()).map(waker).collect();
        (self.watch)(Step::Begin(tasks.len()));
        wakers.iter().for_each(Waker::wake_by_ref);

        let mut unfinished = tasks.len();
        while unfinished > 0 {
            // One round at a time, with each task once. One that is woken meanwhile, even
            // by itself, goes on in the next: else it could keep out all the others.
            let mut seen = HashSet::new();
            let round: Vec<_> =
                woken.try_iter().filter(|&task| seen.insert(task)).collect();
            for &task in &round {
                // A waker may be called after its task has finished.
                let Some(future) = &mut tasks[task] else { continue };
                // ❷ ❻ The task begins, or goes on, as far as it gets.
                (self.watch)(Step::Poll(task));
                match future.as_mut().poll(&mut Context::from_waker(&wakers[task])) {
                    // ❸ It has to wait, and gives the thread back.
                    Poll::Pending => (self.watch)(Step::Pending(task)),
                    Poll::Ready(output) => {
                        (self.watch)(Step::Ready(task));
                        outputs[task] = Some(output);
                        tasks[task] = None;
                        unfinished -= 1;
                    }
                }
            }
            if unfinished > 0 {
                self.wait(round.is_empty());
            }
        }
        outputs.into_iter().flatten().collect()
    }

    /// Wakes the tasks whose event has happened. This is the one place where the thread
    /// waits: if the queue was empty, until something happens; if not, it only looks.
    fn wait(&self, is_idle: bool) {
        let timeout = match self.first_sleeper() {
            _ if !is_idle => Some(Duration::ZERO),
            Some(Event::Time(at, _)) => {
                Some(at.saturating_duration_since(Instant::now()))
            }
            _ => None,
        };
        if is_idle {
            // All that is no time is a socket.
            let sockets = self.sleepers.borrow().range(Event::Readable(0)..).count();
            (self.watch)(Step::Wait { sockets, timeout });
        }
        // ❹ The system waits for all sockets at once, or until the next time has come.
        let mut events = Events::with_capacity(1024);
        match self.system.borrow_mut().poll(&mut events, timeout) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => result.expect("the system can wait for its own sockets"),
        }
        // ❺ Whatever has happened wakes the task that waits for it.
        for event in &events {
            let Token(socket) = event.token();
            if event.token() == BELL {
                (self.watch)(Step::Bell);
            }
            if event.is_writable() || event.is_write_closed() {
                self.wake(Event::Writable(socket));
            }
            if event.is_readable() || event.is_read_closed() {
                self.wake(Event::Readable(socket));
            }
        }
        while let Some(timer @ Event::Time(at, _)) = self.first_sleeper() {
            if at > Instant::now() {
                break;
            }
            self.wake(timer);
        }
    }

    fn first_sleeper(&self) -> Option<Event> {
        self.sleepers.borrow().keys().next().copied()
    }

    fn wake(&self, event: Event) {
        if let Some(waker) = self.forget(event) {
            (self.watch)(Step::Wake(event));
            waker.wake();
        }
    }

    /// Keeps the waker of the task that is being polled until the event happens.
    pub(crate) fn wait_for(&self, event: Event, context: &Context<'_>) {
        (self.watch)(Step::WaitFor(event));
        let waker = context.waker().clone();
        let before = self.sleepers.borrow_mut().insert(event, waker);
        // Not while it is borrowed: the waker may be another's, and do anything.
        drop(before);
    }

    /// Forgets the waker of one who does not wait for this event any more.
    pub(crate) fn forget(&self, event: Event) -> Option<Waker> {
        self.sleepers.borrow_mut().remove(&event)
    }

    /// Lets the system watch a socket, and gives it a number.
    pub(crate) fn register(&self, socket: &mut impl Source) -> io::Result<usize> {
        self.sockets.set(self.sockets.get() + 1);
        let (number, both) =
            (self.sockets.get(), Interest::READABLE | Interest::WRITABLE);
        self.system.borrow().registry().register(socket, Token(number), both)?;
        Ok(number)
    }

    /// Lets the system forget a socket that is about to be closed.
    pub(crate) fn deregister(&self, socket: &mut impl Source, number: usize) {
        self.forget(Event::Readable(number));
        self.forget(Event::Writable(number));
        // Where the system did not know the socket, there is nothing to forget.
        let _ = self.system.borrow().registry().deregister(socket);
    }

    /// A time to wait for, which is none of the others.
    pub(crate) fn timer(&self, at: Instant) -> Event {
        self.timers.set(self.timers.get() + 1);
        Event::Time(at, self.timers.get())
    }
}
