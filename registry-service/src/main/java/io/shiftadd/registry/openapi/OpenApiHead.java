package io.shiftadd.registry.openapi;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.servers.Server;

/** The head of the OpenAPI document. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "ShiftAdd platform API",
                        version = "v1",
                        description = "Models, texts and jobs of the ShiftAdd platform. Errors are problem details"
                                + " (RFC 9457) of media type application/problem+json; their type is one of the stable"
                                + " URIs in docs/problems.md. Times are UTC in ISO 8601. Fields that are null are"
                                + " present. Requests with unknown fields are refused."),
        servers = @Server(url = "/", description = "This service"))
class OpenApiHead {}
