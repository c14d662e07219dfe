package io.shiftadd.registry.text;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.request.RequestFields;
import io.shiftadd.registry.storage.AllowedRoots;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;

/** Registers texts: files that lie under an allowed root, and uploads. */
@Service
class TextImport {

    private final TextRepository texts;
    private final AllowedRoots roots;
    private final Path uploads;
    private final long maxBytes;
    private final Clock clock;

    TextImport(TextRepository texts, TextProperties properties, Clock clock) {
        this.texts = texts;
        this.roots = properties.allowedRoots();
        this.uploads = properties.uploads().toAbsolutePath().normalize();
        this.maxBytes = properties.maxSize().toBytes();
        this.clock = clock;
    }

    /** @param created false when the very same text was registered under the name before */
    record Imported(TextView text, boolean created) {}

    Imported fromPath(TextRequest request) {
        Path file = roots.resolve(request.path());
        if (file == null || !Files.isRegularFile(file)) {
            throw ProblemException.invalid(
                    "path",
                    "names no file inside an allowed root",
                    "a text file under " + roots.describe(),
                    "move the file there, add its directory to shiftadd.texts.roots, or upload it");
        }
        String name = request.name() == null ? nameOf(file) : request.name();
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > maxBytes) {
                throw ProblemException.invalid(
                        "path", "has " + Files.size(file) + " bytes", "at most " + maxBytes, "cut the text");
            }
            requireContent("path", Utf8File.copy(in, OutputStream.nullOutputStream()));
            return register(name, file, FileDigest.of(file), texts.existsByLocationAndUploadedTrue(file.toString()));
        } catch (IOException e) {
            throw unreadable("path", e);
        }
    }

    /** Keeps what is uploaded under the directory of uploads, written to a temporary file first. */
    Imported fromUpload(@Nullable String name, InputStream content) {
        String valid = requireName(name);
        try {
            Files.createDirectories(uploads);
            Path temporary = Files.createTempFile(uploads, ".upload-", ".tmp");
            try {
                write(content, temporary);
                FileDigest digest = FileDigest.of(temporary);
                Text known = texts.findByName(valid).orElse(null);
                if (known != null) {
                    return same(known, digest);
                }
                Path file = uploads.resolve(UUID.randomUUID() + ".txt");
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                return register(valid, file.toRealPath(), digest, true);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw unreadable("body", e);
        }
    }

    private static void write(InputStream content, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            requireContent("body", Utf8File.copy(content, out));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private Imported register(String name, Path file, FileDigest digest, boolean uploaded) {
        Text known = texts.findByName(name).orElse(null);
        if (known != null) {
            return same(known, digest);
        }
        try {
            Text text = texts.saveAndFlush(new Text(name, file, digest, uploaded, clock.instant()));
            return new Imported(text.view(), true);
        } catch (DataIntegrityViolationException e) {
            return same(texts.findByName(name).orElseThrow(() -> e), digest);
        }
    }

    private static Imported same(Text known, FileDigest digest) {
        if (known.sha256().equals(digest.sha256())) {
            return new Imported(known.view(), false);
        }
        throw ProblemException.of(
                ProblemType.NAME_TAKEN,
                new FieldError(
                        "name",
                        "'" + known.name() + "' belongs to another text, " + known.id(),
                        null,
                        "choose another name or delete that text"));
    }

    private static String requireName(@Nullable String name) {
        if (name == null || !RequestFields.isName(name)) {
            throw ProblemException.invalid(
                    "name",
                    name == null ? "is missing" : "is not a valid name",
                    RequestFields.NAME_LIMIT,
                    "add the parameter name");
        }
        return name;
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]+$", "");
        if (!RequestFields.isName(name)) {
            throw ProblemException.invalid(
                    "name", "is missing, and '" + name + "' cannot serve as one", null, "add the field name");
        }
        return name;
    }

    private static void requireContent(String field, long bytes) {
        if (bytes == 0) {
            throw ProblemException.invalid(field, "is empty", "at least one byte of UTF-8", null);
        }
    }

    private static ProblemException unreadable(String field, IOException e) {
        if (e instanceof Utf8File.NotUtf8Exception) {
            return ProblemException.invalid(field, String.valueOf(e.getMessage()), "UTF-8 text", "convert it to UTF-8");
        }
        return new ProblemException(ProblemType.MALFORMED_REQUEST, "The text cannot be read: " + e.getMessage());
    }
}
