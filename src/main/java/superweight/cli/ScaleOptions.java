package superweight.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.model.Coordinate;
import superweight.model.Intervention;

/** Changes to single weights of down_proj, all applied together. */
final class ScaleOptions {
    @Option(
            names = "--scale",
            paramLabel = "L:R:C=F",
            description = {
                "multiply down_proj.weight[R, C] of layer L by F; 0 prunes it; may be repeated",
                "(R = row = output channel, C = column = input channel, all from 0)"
            })
    private List<String> scales = new ArrayList<>();

    /** As they were given. */
    List<String> typed() {
        return List.copyOf(scales);
    }

    List<Intervention> interventions() {
        List<Intervention> interventions = scales.stream().map(ScaleOptions::parse).toList();
        Coordinates.distinct(scales.stream().map(scale -> scale.split("=")[0]).toList(), "--scale");
        return interventions;
    }

    private static Intervention parse(String scale) {
        int equals = scale.indexOf('=');
        if (equals < 0) {
            throw new InvalidInputException("--scale '" + scale
                    + "' is not of the form layer:row:column=factor (such as 11:507:1229=0).");
        }
        Coordinate at = Coordinate.parse(scale.substring(0, equals));
        double factor = Factor.parse(scale.substring(equals + 1), "--scale '" + scale + "'");
        return Intervention.scale(at, factor);
    }
}
