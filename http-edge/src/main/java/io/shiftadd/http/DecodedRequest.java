package io.shiftadd.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.Deflater;
import org.apache.commons.compress.compressors.deflate.DeflateCompressorInputStream;
import org.apache.commons.compress.compressors.deflate.DeflateParameters;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** A request whose body was compressed, as if it had not been. */
final class DecodedRequest extends HttpServletRequestWrapper implements AutoCloseable {

    private static final Set<String> OF_THE_CODED_BODY = Set.of("content-encoding", "content-length");

    private final List<String> codings;
    private final long limit;
    private @Nullable Body body;

    /** @param codings in the order in which they were applied */
    DecodedRequest(HttpServletRequest request, List<String> codings, long limit) {
        super(request);
        this.codings = codings;
        this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new Body(super.getInputStream());
        }
        return body;
    }

    @Override
    public int getContentLength() {
        return -1;
    }

    @Override
    public long getContentLengthLong() {
        return -1;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isOfTheCodedBody(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isOfTheCodedBody(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !isOfTheCodedBody(name))
                .toList());
    }

    private static boolean isOfTheCodedBody(String name) {
        return OF_THE_CODED_BODY.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Frees what the decoders hold outside of the heap; the connection stays. */
    @Override
    public void close() throws IOException {
        if (body != null) {
            body.free();
        }
    }

    /** Decoded while it is read; the decoders are made at the first byte, because that reads ahead. */
    private final class Body extends ServletInputStream {

        private final Source sent;
        private @Nullable InputStream decoded;
        private boolean finished;

        Body(ServletInputStream sent) {
            this.sent = new Source(sent);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                if (decoded == null) {
                    decoded = decoder();
                }
                int count = decoded.read(buffer, offset, length);
                finished = count < 0;
                return count;
            } catch (IOException e) {
                if (sent.failed) {
                    throw e;
                }
                throw BadBodyException.malformed("The body is not what its Content-Encoding ("
                        + String.join(", ", codings) + ") says, or it ends too early");
            }
        }

        private InputStream decoder() throws IOException {
            InputStream stream = new Limited(sent);
            for (String coding : codings.reversed()) {
                stream = new Limited(
                        coding.equals("deflate") ? inflater(stream) : new GzipCompressorInputStream(stream, true));
            }
            return stream;
        }

        /** With the header of zlib, as the standard says, or without, as many have understood it. */
        private static InputStream inflater(InputStream stream) throws IOException {
            PushbackInputStream start = new PushbackInputStream(stream, 2);
            byte[] header = start.readNBytes(2);
            start.unread(header);
            DeflateParameters form = new DeflateParameters();
            form.setWithZlibHeader(header.length == 2
                    && (header[0] & 0x0F) == Deflater.DEFLATED
                    && ((header[0] & 0xFF) << 8 | header[1] & 0xFF) % 31 == 0);
            return new DeflateCompressorInputStream(start, form);
        }

        void free() throws IOException {
            if (decoded != null) {
                decoded.close();
            }
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("compressed bodies are read by threads that wait");
        }
    }

    /** The connection: knows whether it was what failed, and is closed by the container, which swallows the rest. */
    private static final class Source extends FilterInputStream {

        private boolean failed;

        Source(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            failed = true;
            int next = super.read();
            failed = false;
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            failed = true;
            int count = super.read(buffer, offset, length);
            failed = false;
            return count;
        }

        @Override
        public void close() {
            // not ours to close
        }
    }

    /** Ends a layer that grows beyond the limit: a few kilobytes may stand for gigabytes. */
    private final class Limited extends FilterInputStream {

        private long seen;

        Limited(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) {
            seen += bytes;
            if (seen > limit) {
                throw BadBodyException.tooLarge(
                        "The request body is larger than " + limit + " bytes, which it may have once decoded");
            }
        }
    }
}
