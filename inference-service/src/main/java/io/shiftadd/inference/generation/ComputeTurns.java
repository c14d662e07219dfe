package io.shiftadd.inference.generation;

import io.shiftadd.kernel.KernelContext;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One pool of threads for all engines, which take turns of one forward pass: more threads than processors would make
 * every pass slower. Turns are given in the order asked for.
 */
public final class ComputeTurns implements AutoCloseable {

    private final KernelContext context;
    private final ReentrantLock turn = new ReentrantLock(true);

    public ComputeTurns(int threads) {
        context = KernelContext.create(threads);
    }

    /** Runs a pass when its turn comes; the context is its own meanwhile. */
    public void run(Consumer<KernelContext> pass) {
        turn.lock();
        try {
            pass.accept(context);
        } finally {
            turn.unlock();
        }
    }

    public int threads() {
        return context.threads();
    }

    @Override
    public void close() {
        run(KernelContext::close);
    }
}
