//! How many connections there may be, and who has to go when there is no room: a client
//! that is broken, or a student's first loop, must leave room for the others.

use std::cmp::min;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{sleep, timeout};

use crate::activity::Activity;
use crate::limits::open_file_limit;

/// How many connections there may be. Each takes some ten kilobytes, so that all of
/// them take some hundred megabytes.
const MOST: usize = 16 * 1024;
/// How many of them may come from one address. The book's `flags2_asyncio.py` opens at
/// most 1000, and a page that is open takes one.
const MOST_PER_ADDRESS: usize = 1024;
/// How long a connection may wait for a request in any case. Who has just connected is
/// about to send one.
const UNDISTURBED: Duration = Duration::from_secs(1);
/// What part of those that wait makes room at once. To look for them takes some time
/// where there are thousands, and so it is not done for each that comes.
const AT_ONCE: usize = 16;
/// How long to wait for room before looking again for those that could make it.
const PATIENCE: Duration = Duration::from_millis(100);

/// The connections of all sites of this process, which are counted together, because
/// they share one limit of open files.
pub(crate) static CONNECTIONS: LazyLock<Connections> =
    LazyLock::new(|| Connections::with_open_files(open_file_limit()));

/// The connections that are open.
pub(crate) struct Connections {
    left: Semaphore,
    most_per_address: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    per_address: HashMap<IpAddr, usize>,
    next_id: u64,
    activities: HashMap<u64, Arc<Activity>>,
}

/// The right to one connection, until it is dropped.
pub(crate) struct Admission<'a> {
    connections: &'a Connections,
    id: u64,
    activity: Arc<Activity>,
    _permit: SemaphorePermit<'a>,
    _address: Option<AddressCount<'a>>,
}

struct AddressCount<'a> {
    connections: &'a Connections,
    address: IpAddr,
}

impl Connections {
    /// As many as fit into a limit of open files, of which an eighth stays for others:
    /// the listeners, the event loop, what else the program has open.
    fn with_open_files(limit: Option<u64>) -> Self {
        let fitting = limit.map_or(u64::MAX, |limit| (limit - limit / 8).max(1));
        let most = min(MOST, usize::try_from(fitting).unwrap_or(usize::MAX));
        // Where there is room for few, no address may take all of it.
        Self::new(most, min(MOST_PER_ADDRESS, most.div_ceil(2)))
    }

    fn new(most: usize, most_per_address: usize) -> Self {
        Self { left: Semaphore::new(most), most_per_address, open: Mutex::default() }
    }

    /// Waits until there is room for a connection. `None` means that its address has
    /// too many already. The loopback may have as many as there are: that is this
    /// machine's own user, who can do worse.
    ///
    /// Where there is no room, those make it that have waited the longest for a request
    /// from their client, and for a second at least, wherever they come from. So
    /// thousands that say nothing keep nobody out for longer who does.
    pub(crate) async fn admit(&self, address: IpAddr) -> Option<Admission<'_>> {
        let address = address.to_canonical();
        let address =
            if address.is_loopback() { None } else { Some(self.count(address)?) };
        let permit = self.room().await;
        let activity = Arc::new(Activity::new());
        let mut open = self.lock();
        let id = open.next_id;
        open.next_id += 1;
        open.activities.insert(id, Arc::clone(&activity));
        drop(open);
        Some(Admission {
            connections: self,
            id,
            activity,
            _permit: permit,
            _address: address,
        })
    }

    async fn room(&self) -> SemaphorePermit<'_> {
        if let Ok(permit) = self.left.try_acquire() {
            return permit;
        }
        loop {
            self.make_room();
            if let Ok(permit) = timeout(PATIENCE, self.left.acquire()).await {
                return permit.expect("it is never closed");
            }
        }
    }

    /// Waits a moment for connections to end, where the system has no room for more.
    pub(crate) async fn wait_for_descriptors(&self) {
        self.make_room();
        // To try again at once would only keep the processor busy.
        sleep(PATIENCE).await;
    }

    /// Ends some of those that wait for a request, which have done so the longest.
    fn make_room(&self) {
        let open = self.lock();
        let mut idle: Vec<_> = open
            .activities
            .values()
            .filter_map(|activity| Some((activity.idle_since()?, activity)))
            .filter(|(since, _)| since.elapsed() >= UNDISTURBED)
            .collect();
        let number = idle.len().div_ceil(AT_ONCE);
        if number < idle.len() {
            idle.select_nth_unstable_by_key(number, |(since, _)| *since);
        }
        for (_, activity) in &idle[..number] {
            activity.ask_for_room();
        }
    }

    fn count(&self, address: IpAddr) -> Option<AddressCount<'_>> {
        let mut open = self.lock();
        let count = open.per_address.entry(address).or_default();
        if *count == self.most_per_address {
            return None;
        }
        *count += 1;
        Some(AddressCount { connections: self, address })
    }

    /// Nothing is left half done under the lock, so another thread's panic does not
    /// matter.
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admission<'_> {
    /// Where the connection says what it does.
    pub(crate) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        self.connections.lock().activities.remove(&self.id);
    }
}

impl Drop for AddressCount<'_> {
    fn drop(&mut self) {
        let mut open = self.connections.lock();
        if let Some(count) = open.per_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.per_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::http::Version;
    use futures::FutureExt;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const STUDENT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 7));
    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[tokio::test]
    async fn one_address_leaves_room_for_others() {
        let connections = Connections::new(100, 3);
        let mut admitted = Vec::new();
        for _ in 0..3 {
            admitted.push(connections.admit(STUDENT).await.unwrap());
        }
        assert!(connections.admit(STUDENT).await.is_none());
        // The same address, as a listener for both kinds sees it.
        let IpAddr::V4(address) = STUDENT else { unreachable!() };
        let mapped = address.to_ipv6_mapped().into();
        assert!(connections.admit(mapped).await.is_none());
        assert!(connections.admit([192, 168, 1, 8].into()).await.is_some());

        admitted.pop();
        admitted.push(connections.admit(mapped).await.unwrap());
        assert!(connections.admit(STUDENT).await.is_none());
        drop(admitted);
        assert_eq!(connections.left.available_permits(), 100);
        assert!(connections.lock().per_address.is_empty());
        assert!(connections.lock().activities.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn where_there_is_no_room_the_next_one_waits() {
        let connections = Connections::new(4, 2);
        let mut admitted = Vec::new();
        let mut in_flight = Vec::new();
        for loopback in [LOOPBACK, LOOPBACK, "::1".parse().unwrap(), LOOPBACK] {
            let admission = connections.admit(loopback).await.unwrap();
            in_flight.push(admission.activity().begin(Version::HTTP_11));
            admitted.push(admission);
        }
        // All of them have something to do.
        assert!(timeout(HOUR, connections.admit(STUDENT)).await.is_err());
        assert!(!admitted.iter().any(|one| is_asked(one)));
        admitted.pop();
        assert!(timeout(HOUR, connections.admit(STUDENT)).await.unwrap().is_some());
        // The one that waited in vain is not counted any more.
        assert!(connections.lock().per_address.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_the_longest_for_a_request_make_room() {
        let connections = Connections::new(4, 2);
        let mut admitted = Vec::new();
        for _ in 0..4 {
            admitted.push(connections.admit(LOOPBACK).await.unwrap());
        }
        // Nobody who has just come has to go.
        assert!(timeout(UNDISTURBED / 2, connections.admit(STUDENT)).await.is_err());
        assert!(!admitted.iter().any(is_asked));

        sleep(UNDISTURBED).await;
        // The first has something to do, and the second has had until now.
        let _in_flight = admitted[0].activity().begin(Version::HTTP_11);
        drop(admitted[1].activity().begin(Version::HTTP_11));
        sleep(UNDISTURBED).await;
        drop(admitted[2].activity().begin(Version::HTTP_11));
        sleep(UNDISTURBED).await;
        for expected in [3, 1, 2] {
            assert!(timeout(PATIENCE / 2, connections.admit(STUDENT)).await.is_err());
            let asked: Vec<_> = admitted.iter().map(is_asked).collect();
            assert_eq!(asked, [0, 1, 2, 3].map(|index| index == expected));
            // It stays, as if a request had come in the last moment.
            drop(admitted[expected].activity().begin(Version::HTTP_11));
        }
        let goes = async {
            admitted[3].activity().has_to_make_room().await;
            admitted.pop();
        };
        let (next, ()) = tokio::join!(connections.admit(STUDENT), goes);
        assert!(next.is_some());
    }

    /// Whether a connection has been asked to end since the last time.
    fn is_asked(admission: &Admission) -> bool {
        admission.activity().has_to_make_room().now_or_never().is_some()
    }

    #[test]
    fn the_room_depends_on_the_limit_of_open_files() {
        for (limit, most, most_per_address) in [
            (None, 16_384, 1024),
            (Some(u64::MAX), 16_384, 1024),
            (Some(10_240), 8960, 1024),
            (Some(1024), 896, 448),
            (Some(24), 21, 11),
            (Some(0), 1, 1),
        ] {
            let connections = Connections::with_open_files(limit);
            assert_eq!(connections.left.available_permits(), most, "{limit:?}");
            assert_eq!(connections.most_per_address, most_per_address, "{limit:?}");
        }
    }
}
