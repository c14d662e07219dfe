package io.shiftadd.registry.hub;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What a revision is: the commit that it stands for now, which does not move while files come, and its files.
 *
 * <p>Source: the Hub's OpenAPI description, {@code /api/models/{repo}/revision/{rev}} and {@code /tree/{rev}}.
 */
record HubListing(String commit, List<HubFile> files) {

    private static final long MAX_PAGE_BYTES = 8_000_000;
    private static final int MAX_FILES = 100_000;
    private static final int MAX_PAGES = 100;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");
    private static final Pattern NEXT = Pattern.compile("<([^<>]{1,2000})>\\s*;\\s*rel=\"?next\"?");

    static HubListing read(HubClient client, URI base, HubRepository repository, Attempts patience)
            throws IOException, InterruptedException {
        URI page = repository.page(base);
        URI description = repository.description(base);
        String commit = patience.at(() -> {
            try (HubAnswer answer = client.get(description, page, null).requireSuccess()) {
                return json(answer).path("sha").asString("");
            }
        });
        if (!COMMIT.matcher(commit).matches()) {
            throw new HubException(description + " names no commit; this is no Hub's description of a model");
        }
        List<HubFile> files = new ArrayList<>();
        Optional<URI> next = Optional.of(repository.files(base, commit));
        for (int number = 0; next.isPresent() && number < MAX_PAGES; number++) {
            URI list = next.get();
            next = patience.at(() -> {
                try (HubAnswer answer = client.get(list, page, null).requireSuccess()) {
                    JsonNode entries = json(answer);
                    if (!entries.isArray()) {
                        throw new HubException(list + " is no list of files");
                    }
                    List<HubFile> some = new ArrayList<>();
                    entries.forEach(entry -> file(entry).ifPresent(some::add));
                    files.addAll(some);
                    if (files.size() > MAX_FILES) {
                        throw new HubException(page + " lists more than " + MAX_FILES + " files");
                    }
                    return next(answer, list, base);
                }
            });
        }
        if (next.isPresent()) {
            throw new HubException(page + " lists files on more than " + MAX_PAGES + " pages");
        }
        return new HubListing(commit, List.copyOf(files));
    }

    private static JsonNode json(HubAnswer answer) throws IOException {
        try {
            return ModelJson.parse(answer.bytes(MAX_PAGE_BYTES), answer.source().toString());
        } catch (FormatException e) {
            throw new HubException(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<HubFile> file(JsonNode entry) {
        JsonNode large = entry.path("lfs");
        String id = large.path("oid").asString(entry.path("oid").asString(""));
        long size = large.path("size").asLong(entry.path("size").asLong(-1));
        String path = entry.path("path").asString("");
        boolean usable = entry.path("type").asString("").equals("file")
                && ID.matcher(id).matches()
                && size >= 0
                && !path.isEmpty();
        return usable ? Optional.of(new HubFile(path, size, id)) : Optional.empty();
    }

    private static Optional<URI> next(HubAnswer answer, URI list, URI base) throws HubException {
        Matcher link = NEXT.matcher(answer.headers().firstValue("Link").orElse(""));
        if (!link.find()) {
            return Optional.empty();
        }
        URI next = list.resolve(link.group(1));
        if (!RedirectRules.originOf(next).equals(RedirectRules.originOf(base))) {
            throw new HubException(list + " goes on at another server; that is not followed");
        }
        return Optional.of(next);
    }
}
