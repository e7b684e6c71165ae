<?php
// Runs the steps of the story in tests/conformance and prints how each ended, a line of JSON each.
//
//   story.php STEPS URL

declare(strict_types=1);

require __DIR__ . '/dbosc.php';

[, $path, $url] = $argv;
$open = fn () => new Dbosc\Client(['system_database_url' => $url]);
$client = $open();
$transaction = null;
$submitted = [];

$account = function (callable $call): string {
    try {
        return '{"reply":' . $call() . '}';
    } catch (Dbosc\Error $error) {
        return '{"error":' . $error->text . '}';
    }
};

/** What a forked child is told that uses the client of its parent. */
$inChild = function () use (&$client, $account): string {
    if (!function_exists('pcntl_fork')) {
        throw new LogicException('PHP without pcntl');
    }
    [$reading, $writing] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    if (pcntl_fork() === 0) {
        fwrite($writing, $account(fn () => $client->callText('check_connection', '{}')));
        // At once: the parent's handles are the parent's to free.
        posix_kill(posix_getpid(), SIGKILL);
    }
    fclose($writing);
    return stream_get_contents($reading);
};

foreach (json_decode(file_get_contents($path), true) as $step) {
    try {
        $outcomes = match ($step['do']) {
            'call' => [isset($step['cancelled_after_ms'])
                ? $client->await($client->submitText($step['operation'], $step['request']), $step['cancelled_after_ms'])
                : $client->callText($step['operation'], $step['request'])],
            'submit' => array_map(
                fn () => $client->submitText($step['operation'], $step['request']), range(1, $step['times'])),
            'cancel' => array_map(fn ($call) => $call->cancel(), $submitted[$step['tag']]),
            'await' => array_map(
                fn ($call) => $account(fn () => $client->await($call)), $submitted[$step['tag']]),
            'begin' => $transaction = $client->begin(),
            'in_transaction' => [$transaction->callText($step['operation'], $step['request'])],
            'execute' => [$transaction->executeText($step['sql'], $step['params'])],
            'commit' => $transaction->commit(),
            'rollback' => $transaction->rollback(),
            'fork' => [$inChild()],
            'close' => $client->close(),
            'open' => $client = $open(),
        };
        echo '[', match ($step['do']) {
            'call', 'in_transaction', 'execute' => '{"reply":' . $outcomes[0] . '}',
            'await', 'fork' => implode(',', $outcomes),
            default => '{}',
        }, "]\n";
    } catch (Dbosc\Error $error) {
        echo '[{"error":', $error->text, "}]\n";
    }
    if ($step['do'] === 'submit') {
        $submitted[$step['tag']] = $outcomes;
    }
}
