package superweight.report;

import java.util.Optional;
import superweight.report.Inequality.Outcome;

/**
 * What a run on the source's own model and text says about a printed value.
 *
 * <p>Decided from the claim's row alone. A run on another model or text decides nothing here: what
 * it saw of the effect stands in a column of its own ({@link Inequality.Outcome}).
 */
public enum Verdict {
    REPRODUCED("reproduced"),
    SAME_CONCLUSION("same conclusion"),
    DIFFERS("differs"),
    NOT_RUN("not run");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /**
     * Where the question has no answer there, the source's value is not what this run has, so it differs.
     *
     * @param onItsOwnModel measured on the claim's own model and text, where that was run
     */
    public static Verdict of(Claim claim, Optional<Measured> onItsOwnModel) {
        if (onItsOwnModel.isEmpty()) {
            return NOT_RUN;
        }
        Measured measured = onItsOwnModel.get();
        if (claim.agreesWith(measured.value())) {
            return REPRODUCED;
        }
        boolean effectHolds = claim.effect().isPresent() && measured.effect()
                .map(effect -> claim.effect().get().judge(effect.value(), effect.interval()) == Outcome.HOLDS)
                .orElse(false);
        return effectHolds ? SAME_CONCLUSION : DIFFERS;
    }

    @Override
    public String toString() {
        return words;
    }
}
