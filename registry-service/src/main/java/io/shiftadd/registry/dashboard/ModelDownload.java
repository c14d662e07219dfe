package io.shiftadd.registry.dashboard;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The files of a model, as they are registered: nothing else that may lie beside them can be asked for. */
@Controller
class ModelDownload {

    private final DashboardRows rows;
    private final ModelCatalog catalog;

    ModelDownload(DashboardRows rows, ModelCatalog catalog) {
        this.rows = rows;
        this.catalog = catalog;
    }

    @GetMapping("/models/{name}/files/{file:.+}")
    ResponseEntity<Resource> file(@PathVariable String name, @PathVariable String file) {
        ModelView model = catalog.get(name);
        FileRow known = rows.files(model.id()).stream()
                .filter(row -> row.path().equals(file))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "Model " + model.name() + " has no file '" + file + "'."));
        Path location = Path.of(model.location());
        Path path = Files.isDirectory(location) ? location.resolve(known.path()) : location;
        if (!Files.isReadable(path)) {
            throw new ProblemException(ProblemType.NOT_FOUND, path + " is not there any more.");
        }
        String digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(known.sha256()));
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(known.path(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .header("Repr-Digest", "sha-256=:" + digest + ":")
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(new FileSystemResource(path));
    }
}
