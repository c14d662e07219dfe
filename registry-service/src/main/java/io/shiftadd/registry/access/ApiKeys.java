package io.shiftadd.registry.access;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** The API keys of the platform, for every service. */
@Service
class ApiKeys {

    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

    /** Under which the key of the environment is listed. */
    private static final String ENVIRONMENT = "SHIFTADD_ADMIN_KEY";

    private final ApiKeyRecords records;
    private final AccessSettings settings;

    ApiKeys(ApiKeyRecords records, AccessSettings settings) {
        this.records = records;
        this.settings = settings;
    }

    /** The first key of all, with which others are made. Another value takes the place of the one before. */
    @EventListener(ApplicationReadyEvent.class)
    void adoptKeyOfEnvironment() {
        Secret secret = new Secret(settings.adminKey().strip());
        boolean given = !secret.text().isEmpty();
        if (given && secret.text().length() < Secret.MIN_CHOSEN_LENGTH) {
            throw new IllegalStateException(
                    ENVIRONMENT + " has " + secret.text().length() + " characters; at least " + Secret.MIN_CHOSEN_LENGTH
                            + " are needed. Make one with: openssl rand -base64 32");
        }
        if (given && records.findValid(secret.sha256()).isPresent()) {
            return;
        }
        records.list().stream()
                .filter(key -> key.name().equals(ENVIRONMENT) && key.revokedAt() == null)
                .forEach(key -> records.revoke(key.id()));
        if (given) {
            records.insert(
                    UUID.randomUUID(),
                    new ApiKeyRequest(ENVIRONMENT, EnumSet.of(Scope.ADMIN), null, null, null),
                    secret);
            log.info("The key of {} is valid from now on", ENVIRONMENT);
        }
    }

    /** @throws ProblemException when the name is taken */
    NewApiKey create(ApiKeyRequest request) {
        Secret secret = Secret.random();
        UUID id = UUID.randomUUID();
        try {
            records.insert(id, request, secret);
        } catch (DuplicateKeyException e) {
            throw ProblemException.of(
                    ProblemType.NAME_TAKEN,
                    new FieldError(
                            "name",
                            "'" + request.name() + "' belongs to another key",
                            null,
                            "choose another name, or revoke that key"));
        }
        return new NewApiKey(secret.text(), get(id));
    }

    /** @throws ProblemException when there is none */
    ApiKeyView get(UUID id) {
        return records.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no API key with the id " + id + ". GET /api/v1/api-keys lists them."));
    }

    List<ApiKeyView> list() {
        return records.list();
    }

    void revoke(UUID id) {
        get(id);
        records.revoke(id);
    }

    /** The key, if it is valid; counts as a use. */
    Optional<ApiKeyView> find(String secret) {
        Optional<ApiKeyView> key = records.findValid(new Secret(secret).sha256());
        key.ifPresent(found -> records.touch(found.id()));
        return key;
    }

    /** The key that a session was begun with, if it is still valid. */
    Optional<ApiKeyView> find(UUID id) {
        return records.findValid(id);
    }
}
