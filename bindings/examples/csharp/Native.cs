// What dbosc.h declares, as far as Dbosc.cs needs it. Texts are UTF-8 in both directions.

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Dbosc
{
    internal sealed class ClientHandle : SafeHandle
    {
        private ClientHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid => handle == IntPtr.Zero;
        protected override bool ReleaseHandle()
        {
            Native.dbosc_client_free(handle);
            return true;
        }
    }

    internal sealed class CompletionsHandle : SafeHandle
    {
        private CompletionsHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid => handle == IntPtr.Zero;
        protected override bool ReleaseHandle()
        {
            Native.dbosc_completions_free(handle);
            return true;
        }
    }

    internal sealed class TransactionHandle : SafeHandle
    {
        private TransactionHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid => handle == IntPtr.Zero;
        protected override bool ReleaseHandle()
        {
            Native.dbosc_transaction_free(handle);
            return true;
        }
    }

    internal sealed class CancelHandle : SafeHandle
    {
        public CancelHandle() : base(IntPtr.Zero, true)
        {
            SetHandle(Native.dbosc_cancel_new());
        }
        public override bool IsInvalid => handle == IntPtr.Zero;
        protected override bool ReleaseHandle()
        {
            Native.dbosc_cancel_free(handle);
            return true;
        }
    }

    internal static class Native
    {
        private const string Library = "libdbosc.so.0";

        [DllImport(Library)]
        public static extern int dbosc_client_open(byte[] config, IntPtr cancel, out ClientHandle client, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_client_call(ClientHandle client, byte[] operation, byte[] request, IntPtr cancel,
            out IntPtr reply, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_client_submit(ClientHandle client, byte[] operation, byte[] request,
            CancelHandle cancel, CompletionsHandle completions, long tag, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_client_shutdown(ClientHandle client, long timeoutMs, out IntPtr error);
        [DllImport(Library)]
        public static extern void dbosc_client_free(IntPtr client);
        [DllImport(Library)]
        public static extern int dbosc_completions_new(long capacity, out CompletionsHandle completions, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_completions_next(CompletionsHandle completions, long timeoutMs,
            out IntPtr completion);
        [DllImport(Library)]
        public static extern void dbosc_completions_free(IntPtr completions);
        [DllImport(Library)]
        public static extern long dbosc_completion_tag(IntPtr completion);
        [DllImport(Library)]
        public static extern IntPtr dbosc_completion_reply(IntPtr completion);
        [DllImport(Library)]
        public static extern IntPtr dbosc_completion_error(IntPtr completion);
        [DllImport(Library)]
        public static extern void dbosc_completion_free(IntPtr completion);
        [DllImport(Library)]
        public static extern int dbosc_transaction_begin(ClientHandle client, byte[] request, IntPtr cancel,
            out TransactionHandle transaction, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_transaction_call(TransactionHandle transaction, byte[] operation, byte[] request,
            IntPtr cancel, out IntPtr reply, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_transaction_execute(TransactionHandle transaction, byte[] sql, byte[] parameters,
            IntPtr cancel, out IntPtr reply, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_transaction_commit(TransactionHandle transaction, IntPtr cancel, out IntPtr error);
        [DllImport(Library)]
        public static extern int dbosc_transaction_rollback(TransactionHandle transaction, IntPtr cancel,
            out IntPtr error);
        [DllImport(Library)]
        public static extern void dbosc_transaction_free(IntPtr transaction);
        [DllImport(Library)]
        public static extern IntPtr dbosc_cancel_new();
        [DllImport(Library)]
        public static extern void dbosc_cancel_trigger(CancelHandle cancel);
        [DllImport(Library)]
        public static extern void dbosc_cancel_free(IntPtr cancel);
        [DllImport(Library)]
        public static extern void dbosc_string_free(IntPtr text);
        [DllImport(Library)]
        public static extern int dbosc_error_code(IntPtr error);
        [DllImport(Library)]
        public static extern IntPtr dbosc_error_kind(IntPtr error);
        [DllImport(Library)]
        public static extern IntPtr dbosc_error_message(IntPtr error);
        [DllImport(Library)]
        public static extern IntPtr dbosc_error_json(IntPtr error);
        [DllImport(Library)]
        public static extern void dbosc_error_free(IntPtr error);

        private const int WorkflowFailed = 11;

        public delegate int Failing(out IntPtr error);
        public delegate int Replying(out IntPtr reply, out IntPtr error);

        /// <summary>The error stays its owner's.</summary>
        public static DboscException Exception(IntPtr error)
        {
            return dbosc_error_code(error) == WorkflowFailed ? new WorkflowFailedException(error) : new DboscException(error);
        }

        public static void Check(Failing call)
        {
            if (call(out IntPtr error) == 0) return;
            var exception = Exception(error);
            dbosc_error_free(error);
            throw exception;
        }

        public static string Reply(Replying call)
        {
            IntPtr reply = IntPtr.Zero;
            Check((out IntPtr error) => call(out reply, out error));
            string text = Utf8(reply);
            dbosc_string_free(reply);
            return text;
        }

        /// <summary>With the NUL that C wants.</summary>
        public static byte[] Utf8(string text)
        {
            if (text.IndexOf('\0') >= 0) throw new ArgumentException("U+0000 ends a text in C");
            return Encoding.UTF8.GetBytes(text + "\0");
        }

        public static string Utf8(IntPtr text)
        {
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0) ++length;
            var bytes = new byte[length];
            Marshal.Copy(text, bytes, 0, length);
            return Encoding.UTF8.GetString(bytes);
        }
    }
}
