package superweight.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoint;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.measure.Scaling;
import superweight.measure.WindowedText;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

/** {@code superweight sweep}: perplexity against the factor that super weights are scaled by, as in paper Figure 6. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Perplexity of a text with single weights of down_proj scaled, all together, by one factor after another.",
            "The text is cut into windows as by the command perplexity. A factor that drives the model out of the"
                    + " range of float32 has no perplexity (null in JSON)."
        })
final class SweepCommand implements Callable<Integer> {
    @Mixin private ModelOptions modelOptions;
    @Mixin private TextOptions textOptions;
    @Mixin private Output output;

    @Option(
            names = "--at",
            paramLabel = "L:R:C",
            required = true,
            description = {
                "scale down_proj.weight[R, C] of layer L; may be repeated",
                "(R = row = output channel, C = column = input channel, all from 0)"
            })
    private List<String> at;

    @Option(
            names = "--factors",
            paramLabel = "F,F...",
            required = true,
            description = "multiply the weights by these, such as 0,0.5,1,2: 0 prunes them, 1 is the original model")
    private String factors;

    @Override
    public Integer call() {
        List<Coordinate> places = Coordinates.distinct(at, "--at");
        List<Double> numbers = factors();
        WindowedText text = textOptions.read();
        // Before the weights are read, which may take long.
        Checkpoint checkpoint = modelOptions.open();
        places.forEach(place -> Intervention.prune(place).check(checkpoint.config()));
        try (CausalLM model = modelOptions.load(checkpoint)) {
            List<Perplexity> measured = measure(model, text, places, numbers);
            SweepReport report = SweepReport.of(numbers, measured);
            Subject of = new Subject(modelOptions.model(), text.name(), text.sha256(), measured.get(0).window(),
                    measured.get(0).windows(), at);
            output.print(report.document(of), report.lines());
            report.warning().ifPresent(output::warn);
        }
        return 0;
    }

    private List<Double> factors() {
        String option = "--factors '" + factors + "'";
        List<Double> numbers = Stream.of(factors.split(",", -1)).map(typed -> Factor.parse(typed, option)).toList();
        Set<Float> seen = new HashSet<>();
        for (double number : numbers) {
            // The model is float32; adding 0 makes -0 the 0 that it is as a factor.
            if (!seen.add((float) number + 0f)) {
                throw new InvalidInputException(
                        "--factors must name each factor once, but '" + factors + "' names " + number + " twice.");
            }
        }
        return numbers;
    }

    private List<Perplexity> measure(
            CausalLM model, WindowedText text, List<Coordinate> places, List<Double> numbers) {
        List<int[]> windows = textOptions.windows(model, text);
        List<Condition> conditions = new Scaling(places, numbers).conditions();
        try (TerminalProgress progress = TerminalProgress.start("sweep")) {
            return Perplexity.measureAll(model, windows, conditions, progress);
        }
    }
}
