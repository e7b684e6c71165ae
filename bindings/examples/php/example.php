<?php
// Enqueues a workflow to whoever works on the database, and prints its result.
//
//   example.php URL

declare(strict_types=1);

// [readme]
require __DIR__ . '/dbosc.php';

$client = new Dbosc\Client(['system_database_url' => $argv[1]]);
try {
    $started = $client->call('enqueue', [
        'workflow_name' => 'echo', 'queue_name' => 'q', 'args' => ['Hello from PHP 😀']]);
    $reply = $client->call('get_result', ['workflow_id' => $started['workflow_id'], 'timeout_ms' => 60_000]);
    echo $reply['result'], "\n";
} catch (Dbosc\WorkflowFailed $failure) {
    fwrite(STDERR, "the workflow failed: {$failure->details['workflow_error']['message']}\n");
} finally {
    $client->close();
}
// [/readme]
