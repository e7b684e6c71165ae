<?php
// Writes an order and starts its workflow in one transaction of PDO, on Postgres or SQLite.
//
//   transaction.php URL ORDER commit|rollback

declare(strict_types=1);

// [readme]
require __DIR__ . '/dbosc.php';

[, $url, $order, $end] = $argv;

function connect(string $url): PDO
{
    if (str_starts_with($url, 'sqlite:///')) {
        return new PDO('sqlite:' . substr($url, strlen('sqlite:///')));
    }
    $at = array_map(rawurldecode(...), array_map(strval(...), parse_url($url)));
    $name = ltrim($at['path'], '/');
    return new PDO("pgsql:host={$at['host']};port={$at['port']};dbname=$name", $at['user'], $at['pass']);
}

$client = new Dbosc\Client(['system_database_url' => $url]);
$start = $client->call('prepare_enqueue', [
    'workflow_name' => 'echo', 'queue_name' => 'q', 'args' => [$order], 'workflow_id' => $order,
    'params_style' => 'question']);
$client->close();

$database = connect($url);
$database->beginTransaction();
$database->prepare('INSERT INTO orders VALUES (?)')->execute([$order]);
foreach ($start['statements'] as $statement) {
    $database->prepare($statement['sql'])->execute($statement['params']);
}
$end === 'commit' ? $database->commit() : $database->rollBack();
// [/readme]
