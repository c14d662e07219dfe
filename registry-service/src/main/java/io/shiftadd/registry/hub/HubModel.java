package io.shiftadd.registry.hub;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.contents.WeightHeaders;
import io.shiftadd.registry.hub.HubClient.Range;
import io.shiftadd.registry.model.ModelIntake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Brings the files of one model into a directory. What it is, and whether it can be served, is found before its weights
 * are fetched: from its config.json, then from the headers of its weight files, by the code that will open it.
 *
 * @param client null when there is no server to ask
 */
record HubModel(
        HubProperties properties,
        @Nullable HubClient client,
        HubRepository repository,
        HubListing listing,
        HubSelection selection,
        Path directory,
        ImportProgress progress) {

    /** Where a file lies: GGUF files beside their licence, whatever folder they came from. */
    static Path place(Path directory, HubFile file) {
        return file.path().endsWith(".gguf") ? directory.resolve(file.name()) : directory.resolve(file.path());
    }

    /**
     * @return the files
     * @throws io.shiftadd.http.problem.ProblemException when the model cannot be served
     * @throws HubException when the server does not have, or does not give, what is needed
     */
    List<HubFile> bring(ModelIntake intake) throws IOException, InterruptedException {
        HubFile index = selection.index();
        List<HubFile> files = new ArrayList<>(selection.texts());
        if (index != null) {
            files.add(index);
        }
        files.removeIf(file -> !file.path().equals(HubSelection.CONFIG) && isTooLong(file));
        requireFit(files);
        for (HubFile file : files) {
            if (isTooLong(file)) {
                throw new HubException(file.path() + " has " + file.size() + " bytes; the limit here is "
                        + properties.maxTextSize().toBytes() + " (shiftadd.hub.max-text-size)");
            }
            fetch(file);
            if (file.path().equals(HubSelection.CONFIG)) {
                intake.requireKnown(directory);
            }
        }
        List<HubFile> weights = selection.allWeights(listing, directory.resolve(index == null ? "" : index.path()));
        files.addAll(weights);
        requireFit(files);
        progress.plan(files.stream().mapToLong(HubFile::size).sum());
        for (HubFile file : weights) {
            isHere(file);
        }
        inspect(files, weights, intake);
        for (HubFile file : weights) {
            fetch(file);
        }
        progress.write();
        return files;
    }

    /** Long texts that nobody reads are left where they are. */
    private boolean isTooLong(HubFile file) {
        return file.size() > properties.maxTextSize().toBytes();
    }

    private void requireFit(List<HubFile> files) throws IOException {
        long bytes = files.stream().mapToLong(HubFile::size).sum();
        long limit = properties.maxModelSize().toBytes();
        if (bytes > limit) {
            throw new HubException(repository.name() + " has " + bytes + " bytes; the limit here is " + limit
                    + " (shiftadd.hub.max-model-size). Raise it, or choose a smaller model or GGUF file");
        }
        long missing = 0;
        for (HubFile file : files) {
            if (!Files.exists(place(directory, file))) {
                missing += file.size() - presentOf(file);
            }
        }
        long room = Files.getFileStore(directory).getUsableSpace();
        if (missing > room) {
            throw new HubException("There is no room for " + repository.name() + ": " + missing + " bytes are to come, "
                    + room + " are free in " + properties.directory()
                    + ". Make room, or choose a smaller model or GGUF file, then import it again");
        }
    }

    private long presentOf(HubFile file) throws IOException {
        Path place = place(directory, file);
        Path part = place.resolveSibling(place.getFileName() + ".part");
        return Files.exists(part) ? Math.min(file.size(), Files.size(part)) : 0;
    }

    private void fetch(HubFile file) throws IOException, InterruptedException {
        if (isHere(file)) {
            progress.enter(file.path(), file.size());
            return;
        }
        HubClient server = client;
        if (server == null) {
            throw new HubException(
                    file.path() + " of " + repository.name() + " at " + listing.commit() + " is not whole in "
                            + properties.cache() + ", and HF_HUB_OFFLINE is set. Unset it to download it");
        }
        HubDownload download = new HubDownload(server, uri(file), page(), file, place(directory, file));
        properties.patience().at(() -> {
            download.fetch(progress);
            return true;
        });
    }

    /** Whether a file is in its place, where it is put if the shared cache has it. */
    private boolean isHere(HubFile file) throws IOException {
        Path target = place(directory, file);
        Files.createDirectories(target.resolveSibling(""));
        return Files.exists(target) || new HubCache(properties.cache()).take(repository, file, target);
    }

    private URI uri(HubFile file) {
        return repository.file(base(), listing.commit(), file.path());
    }

    private URI page() {
        return repository.page(base());
    }

    private URI base() {
        return Objects.requireNonNull(properties.baseUrl());
    }

    /** Opens the model as it will be, made of what is here and of the headers of what is not. */
    private void inspect(List<HubFile> files, List<HubFile> weights, ModelIntake intake)
            throws IOException, InterruptedException {
        Path copy = properties.directory().toAbsolutePath().resolve(".headers-" + UUID.randomUUID());
        Files.createDirectories(copy);
        try {
            for (HubFile file : files) {
                Path here = place(directory, file);
                if (Files.exists(here) && directory.equals(here.getParent())) {
                    Files.createLink(copy.resolve(here.getFileName()), here);
                } else if (weights.contains(file)) {
                    progress.enter("the header of " + file.path(), 0);
                    WeightHeaders.copy(source(file), copy.resolve(here.getFileName()));
                }
            }
            intake.requireServable(copy, directory);
        } catch (FormatException e) {
            throw new HubException(String.valueOf(e.getMessage()).replace(copy.toString(), directory.toString()));
        } finally {
            FileSystemUtils.deleteRecursively(copy);
        }
    }

    private WeightHeaders.Source source(HubFile file) {
        return new WeightHeaders.Source() {
            @Override
            public long size() {
                return file.size();
            }

            @Override
            public byte[] read(long from, int count) throws IOException {
                try {
                    return properties.patience().at(() -> part(file, from, count));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        };
    }

    private byte[] part(HubFile file, long from, int count) throws IOException, InterruptedException {
        if (count == 0) {
            return new byte[0];
        }
        HubClient server = client;
        if (server == null) {
            throw new HubException(file.path() + " is not whole in the shared cache, and HF_HUB_OFFLINE is set");
        }
        try (HubAnswer answer =
                server.get(uri(file), page(), new Range(from, count)).requireSuccess()) {
            boolean whole = from == 0 && count == file.size();
            if (answer.status() == HubAnswer.PARTIAL) {
                answer.requireRange(from, file.size());
            } else if (!whole) {
                throw new HubException(uri(file) + " is not given in parts (status " + answer.status()
                        + "), so that nothing can be known before all of it is downloaded");
            }
            byte[] bytes = answer.bytes(count);
            if (bytes.length < count) {
                throw new IOException(uri(file) + " broke off at byte " + (from + bytes.length));
            }
            return bytes;
        }
    }
}
