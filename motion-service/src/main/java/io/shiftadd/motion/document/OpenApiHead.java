package io.shiftadd.motion.document;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.annotations.servers.Server;

/** The head of the OpenAPI document. */
@SecurityScheme(
        name = "apiKey",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "An API key of scope inference. Not needed as long as the service listens on loopback only")
@OpenAPIDefinition(
        security = @SecurityRequirement(name = "apiKey"),
        info =
                @Info(
                        title = "ShiftAdd motion API",
                        version = "v1",
                        license = @License(name = "Apache-2.0", identifier = "Apache-2.0"),
                        description =
                                "A simulated robot that does what is said. Errors are problem details (RFC 9457) of"
                                        + " media type application/problem+json; their type is one of the stable URIs in"
                                        + " docs/problems.md. Requests with unknown fields are refused."),
        servers = @Server(url = "/", description = "This service"))
class OpenApiHead {}
