package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ContentCodingFilterTest {

    private static final int LIMIT = 100_000;
    private static final byte[] BODY = "{\"prompt\": \"Once upon a time\"}".getBytes(StandardCharsets.UTF_8);

    private final MockHttpServletResponse response = new MockHttpServletResponse();

    /** What the rest of the chain reads; null when it is not reached. */
    private byte[] read(byte[] body, String... codings) throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/completions");
        request.setContent(body);
        request.setContentType("application/json");
        for (String coding : codings) {
            request.addHeader("Content-Encoding", coding);
        }
        byte[][] seen = new byte[1][];
        new ContentCodingFilter(sent -> LIMIT, (sent, answer, status, message) -> {
                    answer.setStatus(status);
                    answer.getWriter().write(message);
                })
                .doFilter(request, response, (sent, answer) -> {
                    if (sent instanceof HttpServletRequest http && codings.length > 0) {
                        assertThat(http.getHeader("content-encoding")).isNull();
                        assertThat(http.getContentLengthLong()).isEqualTo(-1);
                    }
                    seen[0] = sent.getInputStream().readAllBytes();
                });
        return seen[0];
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private static byte[] deflate(byte[] body, boolean raw) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(bytes, new Deflater(6, raw))) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "Gzip", "gzip, identity", "identity,gzip", " gzip ,"})
    void decodesGzipHoweverItIsSpelled(String coding) throws ServletException, IOException {
        assertThat(read(gzip(BODY), coding)).isEqualTo(BODY);
    }

    @Test
    void decodesDeflateWithAndWithoutTheHeaderOfZlib() throws ServletException, IOException {
        assertThat(read(deflate(BODY, false), "deflate")).isEqualTo(BODY);
        assertThat(read(deflate(BODY, true), "Deflate")).isEqualTo(BODY);
    }

    @Test
    void decodesSeveralCodingsTheLastFirst() throws ServletException, IOException {
        assertThat(read(gzip(deflate(BODY, false)), "deflate, gzip")).isEqualTo(BODY);
        assertThat(read(gzip(deflate(BODY, false)), "deflate", "gzip")).isEqualTo(BODY);
        assertThat(read(deflate(gzip(gzip(BODY)), true), "gzip, x-gzip, DEFLATE"))
                .isEqualTo(BODY);
    }

    @Test
    void readsABodyWithoutCodingAsItIs() throws ServletException, IOException {
        assertThat(read(BODY)).isEqualTo(BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "br", "compress", "nonsense", "gzip, zstd", "gzip,gzip,gzip,gzip,gzip"})
    void refusesWhatItDoesNotKnowAndSaysWhatItDoes(String coding) throws ServletException, IOException {
        assertThat(read(BODY, coding)).isNull();
        assertThat(response.getStatus()).isEqualTo(415);
        assertThat(response.getHeader("Accept-Encoding")).isEqualTo("gzip, deflate");
        assertThat(response.getContentAsString()).contains("Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void refusesWhatIsNotCodedAsItSays(String coding) throws IOException {
        byte[] whole = coding.equals("gzip") ? gzip(BODY) : deflate(BODY, false);
        for (byte[] body : new byte[][] {BODY, Arrays.copyOf(whole, whole.length / 2), new byte[0]}) {
            BadBodyException fault = catchThrowableOfType(BadBodyException.class, () -> read(body, coding));
            assertThat(fault.status()).isEqualTo(400);
            assertThat(fault.reason()).contains(coding);
        }
    }

    @Test
    void endsABodyThatGrowsBeyondItsLimitInAnyLayer() throws IOException {
        byte[] bomb = gzip(new byte[50 * LIMIT]);
        assertThat(bomb).hasSizeLessThan(LIMIT);
        assertTooLarge(bomb, "gzip");
        assertTooLarge(gzip(bomb), "gzip, gzip");
        assertTooLarge(deflate(new byte[50 * LIMIT], false), "deflate");
        // Empty members one after the other: much to read, nothing that comes out.
        byte[] empty = gzip(new byte[0]);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 10 * LIMIT / empty.length; i++) {
            members.write(empty);
        }
        assertTooLarge(gzip(members.toByteArray()), "gzip, gzip");
    }

    private void assertTooLarge(byte[] body, String coding) {
        BadBodyException fault = catchThrowableOfType(BadBodyException.class, () -> read(body, coding));
        assertThat(fault.status()).isEqualTo(413);
        assertThat(fault.reason()).contains(Integer.toString(LIMIT));
    }
}
