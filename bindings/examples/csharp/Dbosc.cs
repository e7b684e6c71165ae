// libdbosc from C# by P/Invoke: copy this file into your program. Requests and replies are JSON texts, for the JSON
// library of your choice; every call has a Task, and no thread waits but one for all of them.
//
//   using (var client = new Dbosc.Client("{\"system_database_url\": \"" + url + "\"}"))
//   {
//       string reply = await client.CallAsync("enqueue", request, cancellationToken);
//   }
//
// Operations and their keys: docs/reference.md.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Dbosc
{
    /// <summary>A call that failed. Text is the library's whole account of it, as JSON.</summary>
    public class DboscException : Exception
    {
        public int Status { get; }
        public string Kind { get; }
        public string Text { get; }

        internal DboscException(IntPtr error) : base(Native.Utf8(Native.dbosc_error_message(error)))
        {
            Status = Native.dbosc_error_code(error);
            Kind = Native.Utf8(Native.dbosc_error_kind(error));
            Text = Native.Utf8(Native.dbosc_error_json(error));
        }
    }

    /// <summary>The awaited workflow failed; its own error is `workflow_error` in Text.</summary>
    public sealed class WorkflowFailedException : DboscException
    {
        internal WorkflowFailedException(IntPtr error) : base(error) { }
    }

    /// <summary>Connections to one system database, for any number of threads.</summary>
    public sealed class Client : IDisposable
    {
        private readonly ClientHandle client;
        private readonly CompletionsHandle completions;
        private readonly Thread taker;
        private readonly Dictionary<long, TaskCompletionSource<string>> open =
            new Dictionary<long, TaskCompletionSource<string>>();
        private long lastTag;
        private bool closed;

        public Client(string config)
        {
            ClientHandle opened = null;
            CompletionsHandle made = null;
            Native.Check((out IntPtr error) =>
                Native.dbosc_client_open(Native.Utf8(config), IntPtr.Zero, out opened, out error));
            Native.Check((out IntPtr error) => Native.dbosc_completions_new(0, out made, out error));
            client = opened;
            completions = made;
            taker = new Thread(Take) { IsBackground = true, Name = "dbosc" };
            taker.Start();
        }

        /// <summary>Any operation by its name; blocks until its deadline (`timeout_ms`) at most.</summary>
        public string Call(string operation, string request = "{}")
        {
            return Native.Reply((out IntPtr reply, out IntPtr error) => Native.dbosc_client_call(
                client, Native.Utf8(operation), Native.Utf8(request), IntPtr.Zero, out reply, out error));
        }

        /// <summary>The same without a thread that waits; a cancelled token gives the call up.</summary>
        public async Task<string> CallAsync(string operation, string request = "{}", CancellationToken token = default)
        {
            var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (var cancel = new CancelHandle())
            using (token.Register(() => Native.dbosc_cancel_trigger(cancel)))
            {
                Submit(operation, request, cancel, source);
                return await source.Task.ConfigureAwait(false);
            }
        }

        private void Submit(string operation, string request, CancelHandle cancel, TaskCompletionSource<string> source)
        {
            lock (open)
            {
                long tag = ++lastTag;
                Native.Check((out IntPtr error) => Native.dbosc_client_submit(
                    client, Native.Utf8(operation), Native.Utf8(request), cancel, completions, tag, out error));
                open[tag] = source;
            }
        }

        private void Take()
        {
            const int aWhileMs = 200;
            while (!Volatile.Read(ref closed))
            {
                TakeWhatIsThere(aWhileMs);
            }
            TakeWhatIsThere(0);
        }

        private void TakeWhatIsThere(long timeoutMs)
        {
            for (; Native.dbosc_completions_next(completions, timeoutMs, out IntPtr completion) == 0; timeoutMs = 0)
            {
                TaskCompletionSource<string> source;
                lock (open)
                {
                    long tag = Native.dbosc_completion_tag(completion);
                    source = open[tag];
                    open.Remove(tag);
                }
                IntPtr error = Native.dbosc_completion_error(completion);
                if (error == IntPtr.Zero) source.SetResult(Native.Utf8(Native.dbosc_completion_reply(completion)));
                else source.SetException(Native.Exception(error));
                Native.dbosc_completion_free(completion);
            }
        }

        /// <summary>A transaction on a connection of the client's; its calls block.</summary>
        public Transaction Begin()
        {
            TransactionHandle transaction = null;
            Native.Check((out IntPtr error) =>
                Native.dbosc_transaction_begin(client, null, IntPtr.Zero, out transaction, out error));
            return new Transaction(transaction);
        }

        /// <summary>Ends what is in flight, and refuses what comes; again does nothing.</summary>
        public void Close()
        {
            Native.Check((out IntPtr error) => Native.dbosc_client_shutdown(client, -1, out error));
            Volatile.Write(ref closed, true);
            if (Thread.CurrentThread != taker) taker.Join();
        }

        public void Dispose()
        {
            if (client.IsClosed) return;
            Close();
            client.Dispose();
            completions.Dispose();
        }
    }

    /// <summary>Operations and statements that count together; rolled back where it is not committed.</summary>
    public sealed class Transaction : IDisposable
    {
        private readonly TransactionHandle transaction;

        internal Transaction(TransactionHandle transaction)
        {
            this.transaction = transaction;
        }

        public string Call(string operation, string request = "{}")
        {
            return Native.Reply((out IntPtr reply, out IntPtr error) => Native.dbosc_transaction_call(
                transaction, Native.Utf8(operation), Native.Utf8(request), IntPtr.Zero, out reply, out error));
        }

        public string Execute(string sql, string parameters = "[]")
        {
            return Native.Reply((out IntPtr reply, out IntPtr error) => Native.dbosc_transaction_execute(
                transaction, Native.Utf8(sql), Native.Utf8(parameters), IntPtr.Zero, out reply, out error));
        }

        public void Commit()
        {
            Native.Check((out IntPtr error) => Native.dbosc_transaction_commit(transaction, IntPtr.Zero, out error));
        }

        public void Rollback()
        {
            Native.Check((out IntPtr error) => Native.dbosc_transaction_rollback(transaction, IntPtr.Zero, out error));
        }

        public void Dispose()
        {
            transaction.Dispose();
        }
    }
}
