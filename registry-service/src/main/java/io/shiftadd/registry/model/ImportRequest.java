package io.shiftadd.registry.model;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What POST /api/v1/models is sent. */
@Schema(description = "A model to be imported")
record ImportRequest(
        @Schema(
                description = "Name to register it under; the name of the directory when absent",
                example = "llama-mini")
        @Nullable
        String name,

        @Schema(
                description =
                        "Directory or GGUF file under an allowed root, absolute or relative to a root. Give either"
                                + " path or repository",
                example = "llama-mini")
        @Nullable
        String path,

        @Schema(
                description =
                        "Model on the Hub, which is downloaded; with :choice, the end of a GGUF file's name, that file")
        @Nullable
        String repository,

        @Schema(
                description = "Branch, tag, commit or pull request (refs/pr/1) of the repository",
                defaultValue = "main")
        @Nullable
        String revision) {

    private static final int MAX_PATH = 4096;

    private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
    private static final Pattern REPOSITORY =
            Pattern.compile(PART + "(/" + PART + ")?(:[A-Za-z0-9][A-Za-z0-9._-]{0,95})?");
    private static final Pattern REVISION = Pattern.compile(PART + "(/" + PART + "){0,5}");

    static ImportRequest read(JsonNode body) {
        RequestFields fields = RequestFields.of(body);
        ImportRequest request = new ImportRequest(
                fields.name("name"),
                fields.text("path", MAX_PATH),
                matching(
                        fields,
                        "repository",
                        REPOSITORY,
                        "owner/name or owner/name:choice of letters, digits, dots, underscores, hyphens"),
                matching(fields, "revision", REVISION, "a branch, tag, commit or refs/pr/<number>"));
        if (fields.has("path") == fields.has("repository")) {
            String message = fields.has("path") ? "is given together with repository" : "is missing";
            String limit = "a directory under an allowed root, or else a repository";
            fields.refuse("path", message, limit, "give either path or repository");
        }
        if (fields.has("revision") && !fields.has("repository")) {
            fields.refuse("revision", "is given without repository", null, "leave it out");
        }
        fields.finish();
        return request;
    }

    private static @Nullable String matching(RequestFields fields, String field, Pattern pattern, String limit) {
        String text = fields.text(field, 200);
        return text == null || pattern.matcher(text).matches()
                ? text
                : fields.refuse(field, "is not valid", limit, null);
    }

    /** The name to register under: as given, else the last part of the path or repository. */
    String nameOr(String source) {
        String standard =
                name == null ? source.substring(source.lastIndexOf('/') + 1).replace(':', '-') : name;
        if (!RequestFields.isName(standard)) {
            throw ProblemException.invalid(
                    "name", "is missing, and '" + standard + "' cannot serve as one", null, "add the field name");
        }
        return standard;
    }
}
