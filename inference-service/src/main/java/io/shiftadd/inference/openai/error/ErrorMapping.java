package io.shiftadd.inference.openai.error;

import io.shiftadd.format.FormatException;
import io.shiftadd.http.BadBodyException;
import io.shiftadd.http.WorkThreads;
import io.shiftadd.inference.generation.CacheTooSmallException;
import io.shiftadd.inference.generation.ConstraintException;
import io.shiftadd.inference.generation.EngineStoppedException;
import io.shiftadd.inference.generation.MemoryExhaustedException;
import io.shiftadd.inference.generation.NotFiniteException;
import io.shiftadd.inference.generation.QueueFullException;
import io.shiftadd.inference.generation.ReaderStalledException;
import io.shiftadd.inference.generation.sampling.NothingAllowedException;
import io.shiftadd.inference.loading.ModelLoadException;
import io.shiftadd.inference.loading.OtherModalityException;
import io.shiftadd.inference.loading.RegistryUnavailableException;
import io.shiftadd.inference.loading.UnknownModelException;
import io.shiftadd.model.vision.UnreadableImageException;
import io.shiftadd.tokenizer.ChatTemplateException;
import io.shiftadd.tokenizer.encoding.TokenizationException;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Which answer each failure gets. */
public final class ErrorMapping {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapping.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private ErrorMapping() {}

    public static ApiException toApi(Exception failure) {
        if (failure.getCause() instanceof OutOfMemoryError exhausted) {
            LOG.error("The heap was full for a request", exhausted);
            return ApiException.unavailable(
                    "memory_exhausted", LATER, "There was not enough memory for this request; send it again later");
        }
        return switch (failure) {
            case ApiException api -> api;
            case BadBodyException body -> ofBody(body);
            // What the container cannot take apart: a name that is empty, a code that is none.
            case InvalidParameterException _ ->
                ApiException.of(
                        HttpStatus.BAD_REQUEST,
                        null,
                        "invalid_query",
                        "What stands after '?' cannot be taken apart: it is name=value, with & between");
            case UnknownModelException unknown ->
                ApiException.of(HttpStatus.NOT_FOUND, "model", "model_not_found", text(unknown));
            case OtherModalityException other -> ApiException.invalid("model", "wrong_modality", text(other));
            case UnreadableImageException image -> ApiException.invalid("images", "invalid_image", text(image));
            case ModelLoadException load ->
                load.isPassing()
                        ? ApiException.unavailable("model_load_failed", LATER, text(load))
                        : ApiException.broken("model_load_failed", text(load));
            case RegistryUnavailableException away ->
                ApiException.unavailable("registry_unavailable", SOON, text(away));
            case QueueFullException full -> ApiException.tooMany("queue_full", full.retryAfter(), text(full));
            case EngineStoppedException stopped -> ApiException.unavailable("engine_stopped", SOON, text(stopped));
            case MemoryExhaustedException exhausted ->
                ApiException.unavailable("memory_exhausted", LATER, text(exhausted));
            case WorkThreads.FullException full -> ApiException.unavailable("work_queue_full", SOON, text(full));
            case CacheTooSmallException small -> ApiException.invalid("max_tokens", text(small));
            case FormatException format ->
                ApiException.broken("model_files_changed", "The model's files are not what they were: " + text(format));
            case NotFiniteException broken -> ApiException.internal("model_output_not_finite", text(broken));
            case NothingAllowedException nothing -> ApiException.internal("format_allows_nothing", text(nothing));
            case ReaderStalledException stalled ->
                ApiException.of(HttpStatus.REQUEST_TIMEOUT, null, "reader_stalled", text(stalled));
            case ConstraintException constraint ->
                ApiException.invalid("response_format", "'response_format' cannot be kept to: " + text(constraint));
            case ChatTemplateException template ->
                ApiException.invalid("messages", "The model's chat template: " + text(template));
            case TokenizationException tokenization ->
                ApiException.invalid("model", "The model's tokenizer: " + text(tokenization));
            default -> {
                LOG.error("A request failed", failure);
                yield ApiException.internal("The server failed; its log says more under this request's id");
            }
        };
    }

    private static ApiException ofBody(BadBodyException body) {
        String message = body.field() == null ? body.reason() : "'" + body.field() + "' " + body.reason();
        String code = body.status() == HttpStatus.CONTENT_TOO_LARGE.value() ? "request_too_large" : null;
        return ApiException.of(HttpStatus.valueOf(body.status()), body.field(), code, message);
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }
}
