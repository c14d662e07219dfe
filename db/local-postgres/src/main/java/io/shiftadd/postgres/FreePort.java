package io.shiftadd.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a port on loopback that nobody listens on. */
final class FreePort {

    private static final int TRIED = 100;

    private FreePort() {}

    /** The first free port of {@code first}, {@code first + 1}, ...; 0 asks the operating system for any. */
    static int from(int first) {
        if (first == 0) {
            return bind(0);
        }
        for (int port = first; port < first + TRIED; port++) {
            if (bind(port) == port) {
                return port;
            }
        }
        throw new PostgresException("all ports from %d to %d on loopback are taken; name another first port"
                .formatted(first, first + TRIED - 1));
    }

    private static int bind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the server binds: a port in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        } catch (IOException taken) {
            return -1;
        }
    }
}
