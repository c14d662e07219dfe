package io.shiftadd.postgres;

import java.nio.file.Path;

/** Starts the server of the directory given, says so, and waits to be killed. */
final class StartAndWait {

    private StartAndWait() {}

    public static void main(String[] arguments) throws InterruptedException {
        LocalPostgres.start(Path.of(arguments[0]), 0);
        System.out.println("started");
        Thread.currentThread().join();
    }
}
