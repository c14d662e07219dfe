package io.shiftadd.registry.job;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.JobKind;
import io.shiftadd.registry.access.Caller;
import io.shiftadd.registry.request.Listing;
import io.shiftadd.registry.request.Paging;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.data.domain.Sort;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = "/api/v1/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Jobs", description = "Reparameterize and evaluate models")
class JobController {

    private static final Map<String, String> SORTABLE = Map.of(
            "createdAt", "createdAt",
            "startedAt", "startedAt",
            "finishedAt", "finishedAt",
            "state", "state",
            "priority", "priority",
            "progress", "progress",
            "outputName", "outputName");

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final JobSubmission submission;
    private final JobDesk desk;
    private final JobRecords records;

    JobController(JobSubmission submission, JobDesk desk, JobRecords records) {
        this.submission = submission;
        this.desk = desk;
        this.records = records;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Fails({ProblemType.NAME_TAKEN, ProblemType.IDEMPOTENCY_MISMATCH})
    @Operation(
            operationId = "submitJob",
            summary = "Submit a job",
            description =
                    "Queues a job that reparameterizes or evaluates a model. With an Idempotency-Key the request can"
                            + " be sent again safely: the same key and body give the same job.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = JobRequest.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The job is queued",
            headers = @Header(name = "Location", description = "Path of the job", schema = @Schema(type = "string")))
    @ApiResponse(
            responseCode = "200",
            description = "The Idempotency-Key was used for the same request before: this is the job it made",
            headers = @Header(name = "Idempotency-Replayed", description = "true", schema = @Schema(type = "string")))
    ResponseEntity<JobView> submit(
            @RequestBody JsonNode body,
            @Parameter(description = "1 to 255 visible ASCII characters, new for each new request", example = "f3b9c1")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String key,
            HttpServletRequest request) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw ProblemException.invalid(
                    "Idempotency-Key", "is not valid", "1 to 255 visible ASCII characters", "send a UUID");
        }
        JobSubmission.Submitted submitted =
                submission.submit(JobRequest.read(body), Caller.of(request).owner(), key);
        JobView job = submitted.job();
        return submitted.created()
                ? ResponseEntity.created(URI.create("/api/v1/jobs/" + job.id())).body(job)
                : ResponseEntity.ok().header("Idempotency-Replayed", "true").body(job);
    }

    @GetMapping
    @Operation(operationId = "listJobs", summary = "List jobs", description = "The newest first unless sorted.")
    Listing<JobView> list(
            @Parameter(
                            description = "Only jobs in one of these states, separated by commas",
                            example = "QUEUED,RUNNING")
                    @RequestParam(required = false)
                    @Nullable
                    String state,
            @Parameter(
                            description = "Only jobs of this kind",
                            schema = @Schema(allowableValues = {"reparameterize", "evaluate"}))
                    @RequestParam(required = false)
                    @Nullable
                    String kind,
            @Parameter(description = "Only jobs that read or made the model with this id")
                    @RequestParam(required = false)
                    @Nullable
                    UUID model,
            @ParameterObject Paging paging) {
        Sort newest = Sort.by(Sort.Direction.DESC, "createdAt");
        return Listing.of(desk.search(states(state), kind(kind), model, paging.pageable(SORTABLE, newest)));
    }

    @GetMapping("/{job}")
    @Operation(
            operationId = "getJob",
            summary = "Get a job",
            description = "Its state, stage, blocks, progress and ETA.")
    JobView get(@PathVariable UUID job) {
        return desk.get(job);
    }

    @GetMapping("/{job}/layers")
    @Operation(
            operationId = "listJobLayers",
            summary = "List the layers that a job has finished",
            description = "In the order of blocks; grows while the job runs.")
    List<JobLayer> layers(@PathVariable UUID job) {
        desk.get(job);
        return records.layers(job);
    }

    @GetMapping("/{job}/blocks")
    @Operation(
            operationId = "listJobBlocks",
            summary = "List the decoder blocks that a job has finished",
            description = "With the time that each took, which its event tells, too; grows while the job runs.")
    List<JobBlock> blocks(@PathVariable UUID job) {
        desk.get(job);
        return records.blocks(job);
    }

    @GetMapping("/{job}/metrics")
    @Operation(
            operationId = "getJobMetrics",
            summary = "Get the metrics of a job",
            description = "Values by name: perplexity and bytes of the original and the result, the result's KL"
                    + " divergence from the original and how often both foresee the same token, mean bits, memory,"
                    + " estimated energy, seconds. Complete when the job has succeeded.")
    @ApiResponse(responseCode = "200", description = "Values by name")
    Map<String, Double> metrics(@PathVariable UUID job) {
        desk.get(job);
        return records.metrics(job);
    }

    @GetMapping("/{job}/tasks")
    @Operation(
            operationId = "listJobTasks",
            summary = "List what an evaluation measured",
            description =
                    "Scores with their standard errors, for the job's model and for the baseline beside it; grows by"
                            + " whole tasks while the job runs. Empty for other jobs.")
    List<JobTask> tasks(@PathVariable UUID job) {
        desk.get(job);
        return records.tasks(job);
    }

    @GetMapping("/{job}/profile")
    @Operation(
            operationId = "listJobProfile",
            summary = "List what each bit-width would do to each layer",
            description =
                    "What a job measured to spread its bits over the layers, and what it chose, in the order in which"
                            + " layers run. Empty for jobs with bits, which need no choice.")
    List<JobLayerProfile> profile(@PathVariable UUID job) {
        desk.get(job);
        return records.profile(job);
    }

    @GetMapping("/{job}/candidates")
    @Operation(
            operationId = "listJobCandidates",
            summary = "List the sizes that a job tried",
            description =
                    "For a job with maxPerplexityIncrease: each size with the perplexity it gave. Empty for others.")
    List<JobCandidate> candidates(@PathVariable UUID job) {
        desk.get(job);
        return records.candidates(job);
    }

    @GetMapping("/{job}/tuning")
    @Operation(
            operationId = "listJobTuning",
            summary = "List the loss curve of a job's tuning",
            description = "Grows while the job tunes; at most some hundred points. Empty for jobs that do not tune.")
    List<JobTuningStep> tuning(@PathVariable UUID job) {
        desk.get(job);
        return records.tuning(job);
    }

    @PostMapping("/{job}/cancel")
    @Fails({ProblemType.ILLEGAL_TRANSITION})
    @Operation(
            operationId = "cancelJob",
            summary = "Cancel a job",
            description = "A queued job is CANCELLED at once; the worker of a running one stops soon, and until then"
                    + " cancelRequested is true. Cancelling a cancelled job changes nothing.")
    JobView cancel(@PathVariable UUID job) {
        return desk.cancel(job);
    }

    @PostMapping("/{job}/retry")
    @Fails({ProblemType.ILLEGAL_TRANSITION, ProblemType.NAME_TAKEN})
    @Operation(
            operationId = "retryJob",
            summary = "Retry a job",
            description = "Queues a FAILED or CANCELLED job again. It resumes after the last finished block.")
    JobView retry(@PathVariable UUID job) {
        return desk.retry(job);
    }

    private static Set<JobState> states(@Nullable String words) {
        if (words == null || words.isBlank()) {
            return EnumSet.allOf(JobState.class);
        }
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String word : words.split(",", -1)) {
            states.add(word(JobState.class, "state", word));
        }
        return states;
    }

    private static @Nullable JobKind kind(@Nullable String word) {
        return word == null || word.isBlank() ? null : word(JobKind.class, "kind", word);
    }

    private static <E extends Enum<E>> E word(Class<E> type, String field, String word) {
        for (E value : EnumSet.allOf(type)) {
            if (value.name().equals(word.strip().toUpperCase(Locale.ROOT))) {
                return value;
            }
        }
        String limit = EnumSet.allOf(type).toString().replaceAll("[\\[\\]]", "");
        throw ProblemException.invalid(field, "is '" + word + "'", "one of " + limit, null);
    }
}
