<?php
// libdbosc from PHP by FFI: copy this file into your program (ffi.enable must allow it: the command line always does).
//
//   $client = new Dbosc\Client(['system_database_url' => $url]);
//   $started = $client->call('enqueue', ['workflow_name' => 'greet', 'queue_name' => 'q', 'args' => ['Ada']]);
//   echo $client->call('get_result', ['workflow_id' => $started['workflow_id']])['result'];
//
// Operations and their keys: docs/reference.md. An empty PHP array is [] in JSON; where {} is meant, new stdClass.

declare(strict_types=1);

namespace Dbosc;

use FFI;

const DECLARATIONS = <<<'C'
typedef struct dbosc_client dbosc_client;
typedef struct dbosc_cancel dbosc_cancel;
typedef struct dbosc_error dbosc_error;
typedef struct dbosc_completions dbosc_completions;
typedef struct dbosc_completion dbosc_completion;
typedef struct dbosc_transaction dbosc_transaction;
int dbosc_client_open(const char *, dbosc_cancel *, dbosc_client **, dbosc_error **);
int dbosc_client_call(dbosc_client *, const char *, const char *, dbosc_cancel *, char **, dbosc_error **);
int dbosc_client_submit(dbosc_client *, const char *, const char *, dbosc_cancel *, dbosc_completions *, int64_t,
                        dbosc_error **);
int dbosc_client_shutdown(dbosc_client *, int64_t, dbosc_error **);
void dbosc_client_free(dbosc_client *);
int dbosc_completions_new(int64_t, dbosc_completions **, dbosc_error **);
int dbosc_completions_next(dbosc_completions *, int64_t, dbosc_completion **);
void dbosc_completions_free(dbosc_completions *);
int64_t dbosc_completion_tag(const dbosc_completion *);
const char *dbosc_completion_reply(const dbosc_completion *);
const dbosc_error *dbosc_completion_error(const dbosc_completion *);
void dbosc_completion_free(dbosc_completion *);
int dbosc_transaction_begin(dbosc_client *, const char *, dbosc_cancel *, dbosc_transaction **, dbosc_error **);
int dbosc_transaction_call(dbosc_transaction *, const char *, const char *, dbosc_cancel *, char **, dbosc_error **);
int dbosc_transaction_execute(dbosc_transaction *, const char *, const char *, dbosc_cancel *, char **, dbosc_error **);
int dbosc_transaction_commit(dbosc_transaction *, dbosc_cancel *, dbosc_error **);
int dbosc_transaction_rollback(dbosc_transaction *, dbosc_cancel *, dbosc_error **);
void dbosc_transaction_free(dbosc_transaction *);
dbosc_cancel *dbosc_cancel_new(void);
void dbosc_cancel_trigger(dbosc_cancel *);
void dbosc_cancel_free(dbosc_cancel *);
void dbosc_string_free(char *);
const char *dbosc_error_json(const dbosc_error *);
void dbosc_error_free(dbosc_error *);
C;

/** A call that failed: `status` and `kind` tell how, `details` is the library's whole account of it. */
class Error extends \RuntimeException
{
    public readonly array $details;
    public readonly string $status;
    public readonly string $kind;

    public function __construct(public readonly string $text)
    {
        $this->details = decode($text);
        $this->status = $this->details['status'];
        $this->kind = $this->details['kind'];
        parent::__construct($this->details['message']);
    }

    public static function of(string $text): self
    {
        return decode($text)['status'] === 'WORKFLOW_FAILED' ? new WorkflowFailed($text) : new self($text);
    }
}

/** The awaited workflow failed; its own error is `details['workflow_error']`. */
class WorkflowFailed extends Error
{
}

/** Integers past 64 bits come as text, so that no digit is lost. */
function decode(string $text): array
{
    return json_decode($text, true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
}

function encode(array|object $value): string
{
    $text = json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION);
    return $text === '[]' ? '{}' : $text;
}

/** The library that DBOSC_LIBRARY names, or the system's. */
function library(): FFI
{
    static $library = null;
    return $library ??= FFI::cdef(DECLARATIONS, getenv('DBOSC_LIBRARY') ?: 'libdbosc.so.0');
}

/** Runs a call that gives an error in its last parameter. */
function check(callable $call): void
{
    $error = library()->new('dbosc_error *');
    if ($call(FFI::addr($error)) === 0) {
        return;
    }
    $text = library()->dbosc_error_json($error);
    library()->dbosc_error_free($error);
    throw Error::of($text);
}

/** The same with a reply before it. */
function take(callable $call): string
{
    $reply = library()->new('char *');
    check(fn ($error) => $call(FFI::addr($reply), $error));
    $text = FFI::string($reply);
    library()->dbosc_string_free($reply);
    return $text;
}

/** Connections to one system database. */
final class Client
{
    private FFI\CData $client;
    private FFI\CData $completions;
    private int $lastTag = 0;
    /** @var array<int, Call> */
    private array $open = [];
    private bool $shut = false;

    public function __construct(array $config)
    {
        $this->client = library()->new('dbosc_client *');
        $this->completions = library()->new('dbosc_completions *');
        check(fn ($error) => library()->dbosc_client_open(encode($config), null, FFI::addr($this->client), $error));
        check(fn ($error) => library()->dbosc_completions_new(0, FFI::addr($this->completions), $error));
    }

    /** Any operation by its name; blocks until its deadline (`timeout_ms`) at most. */
    public function call(string $operation, array $request = []): array
    {
        return decode($this->callText($operation, encode($request)));
    }

    /** The same with both texts as they are. */
    public function callText(string $operation, string $request): string
    {
        return take(fn ($reply, $error) =>
            library()->dbosc_client_call($this->client, $operation, $request, null, $reply, $error));
    }

    /** Starts any operation; its reply is asked for with await(). */
    public function submit(string $operation, array $request = []): Call
    {
        return $this->submitText($operation, encode($request));
    }

    public function submitText(string $operation, string $request): Call
    {
        $call = new Call();
        $tag = ++$this->lastTag;
        check(fn ($error) => library()->dbosc_client_submit(
            $this->client, $operation, $request, $call->cancel, $this->completions, $tag, $error));
        return $this->open[$tag] = $call;
    }

    /** The reply of a submitted call as text; gives it up after `$timeoutMs`. */
    public function await(Call $call, ?int $timeoutMs = null): string
    {
        $until = $timeoutMs === null ? null : hrtime(true) + $timeoutMs * 1_000_000;
        while ($call->outcome === null) {
            $left = $until === null ? -1 : max(0, intdiv($until - hrtime(true), 1_000_000));
            if (!$this->takeOne($left)) {
                $call->cancel();
                $until = null;
            }
        }
        return $call->outcome instanceof Error ? throw $call->outcome : $call->outcome;
    }

    private function takeOne(int $timeoutMs): bool
    {
        $completion = library()->new('dbosc_completion *');
        if (library()->dbosc_completions_next($this->completions, $timeoutMs, FFI::addr($completion)) !== 0) {
            return false;
        }
        $tag = library()->dbosc_completion_tag($completion);
        $error = library()->dbosc_completion_error($completion);
        $this->open[$tag]->outcome = $error === null
            ? library()->dbosc_completion_reply($completion)
            : Error::of(library()->dbosc_error_json($error));
        unset($this->open[$tag]);
        library()->dbosc_completion_free($completion);
        return true;
    }

    /** A transaction on a connection of the client's. */
    public function begin(): Transaction
    {
        $transaction = library()->new('dbosc_transaction *');
        check(fn ($error) =>
            library()->dbosc_transaction_begin($this->client, null, null, FFI::addr($transaction), $error));
        return new Transaction($transaction);
    }

    /** Ends what is in flight, and refuses what comes; again does nothing. */
    public function close(): void
    {
        if (!$this->shut) {
            $this->shut = true;
            check(fn ($error) => library()->dbosc_client_shutdown($this->client, -1, $error));
        }
    }

    public function __destruct()
    {
        library()->dbosc_client_free($this->client);
        library()->dbosc_completions_free($this->completions);
    }
}

/** A submitted call. */
final class Call
{
    public string|Error|null $outcome = null;
    public readonly FFI\CData $cancel;

    public function __construct()
    {
        $this->cancel = library()->dbosc_cancel_new();
    }

    public function cancel(): void
    {
        library()->dbosc_cancel_trigger($this->cancel);
    }

    public function __destruct()
    {
        library()->dbosc_cancel_free($this->cancel);
    }
}

/** Operations and statements that count together; rolled back where it is not committed. */
final class Transaction
{
    public function __construct(private FFI\CData $transaction)
    {
    }

    public function call(string $operation, array $request = []): array
    {
        return decode($this->callText($operation, encode($request)));
    }

    public function callText(string $operation, string $request): string
    {
        return take(fn ($reply, $error) =>
            library()->dbosc_transaction_call($this->transaction, $operation, $request, null, $reply, $error));
    }

    public function execute(string $sql, mixed ...$params): array
    {
        return decode($this->executeText($sql, json_encode($params, JSON_THROW_ON_ERROR)));
    }

    public function executeText(string $sql, string $params): string
    {
        return take(fn ($reply, $error) =>
            library()->dbosc_transaction_execute($this->transaction, $sql, $params, null, $reply, $error));
    }

    public function commit(): void
    {
        check(fn ($error) => library()->dbosc_transaction_commit($this->transaction, null, $error));
    }

    public function rollback(): void
    {
        check(fn ($error) => library()->dbosc_transaction_rollback($this->transaction, null, $error));
    }

    public function __destruct()
    {
        library()->dbosc_transaction_free($this->transaction);
    }
}
