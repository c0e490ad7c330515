package superweight.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import superweight.checkpoint.ModelConfig;
import superweight.find.DetectionPrompts;
import superweight.find.SuperWeightFinder;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Tokenizer;

/**
 * Which weights are held out, as it is typed.
 *
 * @param named these; empty for those that a search finds
 */
record HoldOut(Optional<List<Coordinate>> named) {
    static final String AUTO = "auto";
    private static final String NONE = "none";

    /** Reads the value of {@code --hold-out}. */
    static HoldOut parse(String typed) {
        return switch (typed) {
            case AUTO -> new HoldOut(Optional.empty());
            case NONE -> new HoldOut(Optional.of(List.of()));
            default -> new HoldOut(Optional.of(
                    Coordinates.distinct(List.of(typed.split(",", -1)), "--hold-out")));
        };
    }

    boolean isAuto() {
        return named.isEmpty();
    }

    /** Refuses a place that a model does not have. */
    void check(ModelConfig config) {
        named.orElse(List.of()).forEach(at -> Intervention.prune(at).check(config));
    }

    /** The weights: those named, or the super weights found on the paper's prompt, strongest first. */
    List<Coordinate> in(Supplier<CausalLM> model) {
        return named.orElseGet(() -> found(model));
    }

    private static List<Coordinate> found(Supplier<CausalLM> supplier) {
        try (CausalLM model = supplier.get(); TerminalProgress progress = TerminalProgress.start("find")) {
            int[] ids = model.tokenizer().encode(DetectionPrompts.PAPER, Tokenizer.Bos.AUTO);
            return SuperWeightFinder.of(model).find(ids, progress).superWeights();
        }
    }
}
