// Runs the steps of the story in tests/conformance and prints how each ended, a line of JSON each.
//
//   Story.exe STEPS URL

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Web.Script.Serialization;

internal sealed class Story
{
    private readonly string config;
    private Dbosc.Client client;
    private Dbosc.Transaction transaction;
    private readonly Dictionary<string, CancellationTokenSource> tokens = new Dictionary<string, CancellationTokenSource>();
    private readonly Dictionary<string, List<Task<string>>> submitted = new Dictionary<string, List<Task<string>>>();

    private Story(string url)
    {
        config = "{\"system_database_url\": \"" + url + "\"}";
        client = new Dbosc.Client(config);
    }

    /// <summary>A reply as it came, or an error as it came.</summary>
    private static async Task<string> Account(Func<Task<string>> call)
    {
        try
        {
            return "{\"reply\":" + await call() + "}";
        }
        catch (Dbosc.DboscException error)
        {
            return "{\"error\":" + error.Text + "}";
        }
    }

    private static Task<string> Account(Func<string> call)
    {
        return Account(() => Task.FromResult(call()));
    }

    private async Task<string> Call(string operation, string request, Dictionary<string, object> step)
    {
        if (!step.TryGetValue("cancelled_after_ms", out object ms))
        {
            return await Account(() => client.Call(operation, request));
        }
        using (var token = new CancellationTokenSource((int)ms))
        {
            return await Account(() => client.CallAsync(operation, request, token.Token));
        }
    }

    private void Submit(string tag, string operation, string request, int times)
    {
        var token = tokens[tag] = new CancellationTokenSource();
        submitted[tag] = Enumerable.Range(0, times)
            .Select(_ => Account(() => client.CallAsync(operation, request, token.Token))).ToList();
    }

    private string End(Action<Dbosc.Transaction> how)
    {
        using (transaction) how(transaction);
        return "{}";
    }

    private string Reopen()
    {
        client.Dispose();
        client = new Dbosc.Client(config);
        return "{}";
    }

    private async Task<string> Step(Dictionary<string, object> step)
    {
        Func<string, string> Text = key => (string)step[key];
        switch (Text("do"))
        {
            case "call": return await Call(Text("operation"), Text("request"), step);
            case "submit": Submit(Text("tag"), Text("operation"), Text("request"), (int)step["times"]); return "{}";
            case "cancel": tokens[Text("tag")].Cancel(); return "{}";
            case "await": return string.Join(",", await Task.WhenAll(submitted[Text("tag")]));
            case "begin": transaction = client.Begin(); return "{}";
            case "in_transaction": return await Account(() => transaction.Call(Text("operation"), Text("request")));
            case "execute": return await Account(() => transaction.Execute(Text("sql"), Text("params")));
            case "commit": return End(it => it.Commit());
            case "rollback": return End(it => it.Rollback());
            case "fork": return "{\"skipped\":\"a .NET process never forks\"}";
            case "close": client.Close(); return "{}";
            case "open": return Reopen();
            default: throw new ArgumentException("no such step: " + Text("do"));
        }
    }

    private static void Main(string[] arguments)
    {
        Tell(arguments[0], arguments[1]).GetAwaiter().GetResult();
    }

    private static async Task Tell(string path, string url)
    {
        var json = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };
        var steps = json.Deserialize<List<Dictionary<string, object>>>(File.ReadAllText(path));
        var story = new Story(url);
        using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)))
        {
            foreach (var step in steps) output.Write("[" + await story.Step(step) + "]\n");
        }
        story.client.Dispose();
    }
}
