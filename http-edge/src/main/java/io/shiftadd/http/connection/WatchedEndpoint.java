package io.shiftadd.http.connection;

import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Tomcat's endpoint, whose plain connections tell what they wait for. Those with TLS are not watched. */
final class WatchedEndpoint extends NioEndpoint {

    private @Nullable ConnectionWatch watch;

    void limit(ConnectionLimits limits) {
        watch = new ConnectionWatch(
                limits,
                () -> getConnections().stream()
                        .map(SocketWrapperBase::getSocket)
                        .filter(WatchedChannel.class::isInstance)
                        .map(WatchedChannel.class::cast));
    }

    @Override
    public void startInternal() throws Exception {
        super.startInternal();
        if (watch != null) {
            watch.start();
        }
    }

    @Override
    public void stopInternal() {
        if (watch != null) {
            watch.close();
        }
        super.stopInternal();
    }

    /** Called for each new connection, one after the other. */
    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        if (watch != null && !watch.admits(socket, connections::size)) {
            // Nothing of Tomcat's knows it yet.
            destroySocket(socket);
            return false;
        }
        return super.setSocketOptions(socket);
    }

    @Override
    protected NioChannel createChannel(SocketBufferHandler buffer) {
        return isSSLEnabled() ? super.createChannel(buffer) : new WatchedChannel(buffer);
    }

    @Override
    protected SocketProcessorBase<NioChannel> createSocketProcessor(
            SocketWrapperBase<NioChannel> connection, SocketEvent event) {
        return new SocketProcessor(connection, event) {
            @Override
            protected void doRun() {
                if (socketWrapper.getSocket() instanceof WatchedChannel channel) {
                    long turn = channel.begin();
                    try {
                        super.doRun();
                    } finally {
                        channel.end(turn);
                    }
                } else {
                    super.doRun();
                }
            }
        };
    }
}
