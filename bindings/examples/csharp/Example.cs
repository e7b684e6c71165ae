// Enqueues a workflow to whoever works on the database, and prints its result.
//
//   Example.exe URL

using System;
using System.Collections.Generic;
using System.Text;
using System.Web.Script.Serialization;

internal static class Example
{
    private static readonly JavaScriptSerializer Json = new JavaScriptSerializer();

    private static Dictionary<string, object> Call(Dbosc.Client client, string operation, object request)
    {
        string reply = client.CallAsync(operation, Json.Serialize(request)).GetAwaiter().GetResult();
        return Json.Deserialize<Dictionary<string, object>>(reply);
    }

    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        // [readme]
        using (var client = new Dbosc.Client(Json.Serialize(new { system_database_url = arguments[0] })))
        {
            try
            {
                var started = Call(client, "enqueue",
                    new { workflow_name = "echo", queue_name = "q", args = new[] { "Hello from C# 😀" } });
                var ended = Call(client, "get_result",
                    new { workflow_id = started["workflow_id"], timeout_ms = 60000 });
                Console.WriteLine(ended["result"]);
            }
            catch (Dbosc.WorkflowFailedException failure)
            {
                Console.Error.WriteLine("the workflow failed: " + failure.Message);
                return 1;
            }
        }
        // [/readme]
        return 0;
    }
}
