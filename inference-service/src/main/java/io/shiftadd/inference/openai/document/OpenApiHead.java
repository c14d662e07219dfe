package io.shiftadd.inference.openai.document;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.annotations.servers.Server;

/** The head of the OpenAPI document. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "ShiftAdd inference API",
                        version = "v1",
                        license = @License(name = "Apache-2.0", identifier = "Apache-2.0"),
                        description =
                                "The OpenAI-style API of the ShiftAdd platform: original and reparameterized models"
                                        + " at one base URL. Every field that is listed works; one that would change the answer"
                                        + " otherwise is refused by name, and one that would not is ignored and named in the"
                                        + " answer's header `X-ShiftAdd-Ignored-Fields`. Errors are objects `{\"error\": {message, type, param, code}}`; whatever is"
                                        + " wrong with a request is told before the first byte of an answer. Every answer has an"
                                        + " `x-request-id`."),
        security = @SecurityRequirement(name = "key"),
        servers = @Server(url = "/", description = "This service"))
@SecurityScheme(
        name = "key",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "An API key of the registry; not needed where the service is bound to a loopback address")
class OpenApiHead {}
