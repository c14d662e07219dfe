package io.shiftadd.motion.api;

import io.shiftadd.motion.mujoco.Model;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What there is to draw. */
@Schema(description = "What there is to draw")
record SceneView(
        @Schema(description = "Bodies, the world among them: a frame has a pose for each", example = "14")
        int bodies,

        @Schema(description = "Number of the body that a picture is about: the torso, the elbow", example = "1")
        int torso,

        @Schema(description = "What bodies consist of") List<Geom> geoms) {

    /** A shape that moves with a body. */
    @Schema(name = "Geom", description = "A shape that moves with a body")
    record Geom(
            @Schema(description = "Number of its body", example = "1")
            int body,

            @Schema(description = "plane, sphere, capsule or box", example = "box")
            String kind,

            @Schema(
                    description = "Half sizes, or radius and half length along z, in metres",
                    example = "[0.19, 0.085, 0.05]")
            double[] size,

            @Schema(description = "Where its centre is in the body, in metres", example = "[0, 0, 0]")
            double[] position,

            @Schema(description = "How it is turned in the body: w, x, y, z", example = "[1, 0, 0, 0]")
            double[] rotation,

            @Schema(description = "Red, green and blue, 0 to 1", example = "[0.75, 0.77, 0.8]")
            double[] colour) {}

    private enum Kind {
        PLANE,
        HEIGHT_FIELD,
        SPHERE,
        CAPSULE,
        ELLIPSOID,
        CYLINDER,
        BOX
    }

    static SceneView of(Model model, int torso) {
        List<Geom> geoms = new ArrayList<>();
        for (int i = 0; i < model.geoms(); i++) {
            geoms.add(new Geom(
                    model.geomBody(i),
                    Kind.values()[model.geomKind(i)].name().toLowerCase(Locale.ROOT),
                    model.geomSize(i),
                    model.geomPosition(i),
                    model.geomRotation(i),
                    model.geomColour(i)));
        }
        return new SceneView(model.bodies(), torso, geoms);
    }
}
