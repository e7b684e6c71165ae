use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{check, text_of, Error, Result};
use crate::ffi;

const A_WHILE_MS: i64 = 200;

/// A submitted call: a future of its reply's text. Dropping it gives the call up.
pub struct Call {
    state: Arc<State>,
    cancel: Cancel,
}

#[derive(Default)]
struct State {
    progress: Mutex<Progress>,
    ended: Condvar,
}

#[derive(Default)]
struct Progress {
    outcome: Option<Result<String>>,
    waker: Option<Waker>,
}

impl Call {
    /// Gives the call up; it ends with what became of it.
    pub fn cancel(&self) {
        unsafe { ffi::dbosc_cancel_trigger(self.cancel.0) }
    }

    /// Waits without an executor.
    pub fn wait(&self) -> Result<String> {
        let mut progress = self.state.progress.lock().unwrap();
        loop {
            if let Some(outcome) = &progress.outcome {
                return outcome.clone();
            }
            progress = self.state.ended.wait(progress).unwrap();
        }
    }

    /// Waits so long at most, then gives the call up.
    pub fn wait_for(&self, time: Duration) -> Result<String> {
        let progress = self.state.progress.lock().unwrap();
        let waited = self.state.ended.wait_timeout_while(progress, time, |progress| progress.outcome.is_none());
        let (progress, timed_out) = waited.unwrap();
        drop(progress);
        if timed_out.timed_out() {
            self.cancel();
        }
        self.wait()
    }
}

impl Future for Call {
    type Output = Result<String>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut progress = self.state.progress.lock().unwrap();
        if let Some(outcome) = &progress.outcome {
            return Poll::Ready(outcome.clone());
        }
        progress.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.cancel();
    }
}

struct Cancel(*mut ffi::Cancel);

// Safety: dbosc.h says so of a token, and of a queue.
unsafe impl Send for Cancel {}
unsafe impl Sync for Cancel {}

impl Drop for Cancel {
    fn drop(&mut self) {
        unsafe { ffi::dbosc_cancel_free(self.0) }
    }
}

struct Completions(*mut ffi::Completions);

unsafe impl Send for Completions {}
unsafe impl Sync for Completions {}

impl Drop for Completions {
    fn drop(&mut self) {
        unsafe { ffi::dbosc_completions_free(self.0) }
    }
}

#[derive(Default)]
struct Open {
    last_tag: i64,
    states: HashMap<i64, Arc<State>>,
}

struct Queue {
    completions: Completions,
    open: Mutex<Open>,
    stopped: AtomicBool,
}

/// The thread that tells calls how they ended: one, however many there are.
pub(crate) struct Taker {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl Taker {
    pub(crate) fn start() -> Result<Taker> {
        let mut completions = null_mut();
        check(|error| unsafe { ffi::dbosc_completions_new(0, &mut completions, error) })?;
        let completions = Completions(completions);
        let queue = Arc::new(Queue { completions, open: Mutex::default(), stopped: AtomicBool::new(false) });
        let own = Arc::clone(&queue);
        let thread = std::thread::Builder::new().name("dbosc".to_string()).spawn(move || own.take());
        Ok(Taker { queue, thread: Some(thread.expect("a thread can be started")) })
    }

    pub(crate) fn submit(
        &self,
        submit: impl FnOnce(*mut ffi::Completions, *mut ffi::Cancel, i64, *mut *mut ffi::Error) -> i32,
    ) -> Result<Call> {
        let call = Call { state: Arc::default(), cancel: Cancel(unsafe { ffi::dbosc_cancel_new() }) };
        // Held over the submit, so that the completion does not come before its state is known.
        let mut open = self.queue.open.lock().unwrap();
        open.last_tag += 1;
        let tag = open.last_tag;
        check(|error| submit(self.queue.completions.0, call.cancel.0, tag, error))?;
        open.states.insert(tag, Arc::clone(&call.state));
        Ok(call)
    }
}

impl Drop for Taker {
    fn drop(&mut self) {
        self.queue.stopped.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Queue {
    fn take(&self) {
        while !self.stopped.load(Ordering::Acquire) {
            self.take_one(A_WHILE_MS);
        }
        while self.take_one(0) {}
    }

    fn take_one(&self, timeout_ms: i64) -> bool {
        let mut completion = null_mut();
        // Safety: what came is ours to free, and its texts live until then.
        unsafe {
            if ffi::dbosc_completions_next(self.completions.0, timeout_ms, &mut completion) != 0 {
                return false;
            }
            let state = self.open.lock().unwrap().states.remove(&ffi::dbosc_completion_tag(completion));
            let error = ffi::dbosc_completion_error(completion);
            let outcome = if error.is_null() {
                Ok(text_of(ffi::dbosc_completion_reply(completion)))
            } else {
                Err(Error::from_raw(error))
            };
            ffi::dbosc_completion_free(completion);
            if let Some(state) = state {
                state.end(outcome);
            }
        }
        true
    }
}

impl State {
    fn end(&self, outcome: Result<String>) {
        let mut progress = self.progress.lock().unwrap();
        progress.outcome = Some(outcome);
        let waker = progress.waker.take();
        drop(progress);
        self.ended.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
