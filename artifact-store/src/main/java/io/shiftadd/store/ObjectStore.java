package io.shiftadd.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects of one bucket, by keys under the configured prefix. Thread-safe. Failures are {@link IOException}s. */
public final class ObjectStore implements AutoCloseable {

    private static final String SCHEME = "s3://";
    private static final int BUFFER_BYTES = 1 << 16;

    /** An object may take so long, and longer in proportion to what has come. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long BYTES_PER_SECOND = 64 << 10;

    private final ObjectStoreSettings settings;
    private final S3Client client;
    private final String prefix;

    /** @param key without the prefix */
    public record Stored(String key, long sizeBytes, Instant since) {}

    public ObjectStore(ObjectStoreSettings settings) {
        this.settings = settings;
        String given = settings.prefix();
        prefix = given == null || given.isEmpty() ? "" : given + "/";
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(settings.region() == null ? "us-east-1" : settings.region()))
                .forcePathStyle(settings.pathStyle() == null || settings.pathStyle())
                // Not every server knows the newer checksums; ours are SHA-256, checked when an artifact is read.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.accessKey() != null && settings.secretKey() != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())));
        }
        client = builder.build();
    }

    /** Writes a whole object; nobody sees a part of one. */
    public void put(String key, Path file) throws IOException {
        run(
                "write " + key,
                () -> client.putObject(
                        request -> request.bucket(settings.bucket()).key(prefix + key), RequestBody.fromFile(file)));
    }

    /**
     * Reads an object of at most so many bytes, at some pace: whatever answers may send without an end, or drip.
     *
     * @param file must not exist; may be there in part after a failure
     */
    public void get(String key, Path file, long mostBytes) throws IOException {
        run(
                "read " + key,
                () -> client.getObject(
                        request -> request.bucket(settings.bucket()).key(prefix + key), (response, content) -> {
                            try {
                                copy(content, file, mostBytes);
                            } catch (IOException e) {
                                content.abort();
                                throw e;
                            }
                            return response;
                        }));
    }

    private static void copy(InputStream content, Path file, long mostBytes) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long copied = 0;
        long begun = System.nanoTime();
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                copied += count;
                if (copied > mostBytes) {
                    throw new IOException("it has more than the " + mostBytes + " bytes that it may have");
                }
                if (System.nanoTime() - begun
                        > PATIENCE.plusSeconds(copied / BYTES_PER_SECOND).toNanos()) {
                    throw new IOException("it comes too slowly: " + copied + " bytes in "
                            + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
                }
                out.write(buffer, 0, count);
            }
        }
    }

    /** @return bytes of the object, empty if there is none */
    public OptionalLong size(String key) throws IOException {
        return call("look for " + key, () -> {
            try {
                return OptionalLong.of(client.headObject(
                                request -> request.bucket(settings.bucket()).key(prefix + key))
                        .contentLength());
            } catch (NoSuchKeyException none) {
                return OptionalLong.empty();
            }
        });
    }

    /** All objects whose keys begin so. */
    public List<Stored> list(String keyPrefix) throws IOException {
        return call("list " + keyPrefix, () -> {
            List<Stored> found = new ArrayList<>();
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(settings.bucket()).prefix(prefix + keyPrefix))
                    .contents()) {
                found.add(new Stored(object.key().substring(prefix.length()), object.size(), object.lastModified()));
            }
            return found;
        });
    }

    /** Deleting what is not there is no failure. */
    public void delete(String key) throws IOException {
        run(
                "delete " + key,
                () -> client.deleteObject(
                        request -> request.bucket(settings.bucket()).key(prefix + key)));
    }

    /** What names the objects under a key for those who have the same configuration: {@code s3://bucket/prefix/key}. */
    public String location(String key) {
        return SCHEME + settings.bucket() + "/" + prefix + key;
    }

    /** Whether a location is one of object storage, this one or another. */
    public static boolean isLocation(String location) {
        return location.startsWith(SCHEME);
    }

    /** The key of a {@link #location}. @throws IOException if it is in another storage */
    public String keyOf(String location) throws IOException {
        String ours = location("");
        if (!location.startsWith(ours)) {
            throw new IOException(location + " is not in the configured object storage " + ours
                    + ". Set shiftadd.artifacts.s3 to the bucket and prefix that it was published to");
        }
        return location.substring(ours.length());
    }

    @Override
    public void close() {
        client.close();
    }

    @FunctionalInterface
    private interface Request<T> {
        T send();
    }

    private void run(String what, Request<?> request) throws IOException {
        call(what, request::send);
    }

    private <T> T call(String what, Request<T> request) throws IOException {
        try {
            return request.send();
        } catch (SdkException failure) {
            throw new IOException(
                    "object storage " + settings + ": cannot " + what + ": " + failure.getMessage()
                            + ". See that it runs, that the bucket exists and that the keys are right",
                    failure);
        }
    }
}
