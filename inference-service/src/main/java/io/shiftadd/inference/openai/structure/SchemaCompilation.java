package io.shiftadd.inference.openai.structure;

import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.schema.SchemaCompiler;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Compiles schemas on threads of its own, so that requests which only read and write go on meanwhile. No more schemas
 * wait than requests are open, as each waits for its own; one whose thread is interrupted no longer does.
 */
final class SchemaCompilation {

    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    /** Regular expressions are gone through by recursion, as deep as they are long. */
    private static final long STACK_BYTES = 16L << 20;

    private static final long IDLE_SECONDS = 30;

    private final ExecutorService threads = threads();

    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "schemas", STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** As {@link SchemaCompiler#compile}. */
    Rule compile(JsonNode schema) {
        Future<Rule> compiled = threads.submit(() -> SchemaCompiler.compile(schema));
        try {
            return compiled.get();
        } catch (InterruptedException e) {
            compiled.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a schema was compiled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a schema could not be compiled", e);
        }
    }
}
