package superweight.report;

import java.math.BigDecimal;

/** Claims for tests, about {@code owner/paper-model} on {@code wikitext2}. */
final class ClaimFixture {
    static final String MODEL = "owner/paper-model";
    static final String TEXT = "wikitext2";

    private ClaimFixture() {}

    static Claim claim(String printed, Comparison comparison, double tolerance, String effect) {
        return claim("prune-sw", printed, comparison, tolerance, effect);
    }

    static Claim claim(
            String id, String printed, Comparison comparison, double tolerance, String effect) {
        return new Claim(id, "arXiv:1", "Table 1", "Perplexity with one weight pruned",
                new BigDecimal(printed), "perplexity", comparison, tolerance, "rounding",
                Inequality.parse(effect), "02-prune", MODEL, TEXT);
    }

    /** The same of another model. */
    static Claim about(String model, Claim claim) {
        return new Claim(claim.id(), claim.source(), claim.place(), claim.sentence(), claim.printed(), claim.unit(),
                claim.comparison(), claim.tolerance(), claim.reason(), claim.effect(), claim.notebook(), model,
                claim.text());
    }

    /** The same on another text. */
    static Claim onText(String text, Claim claim) {
        return new Claim(claim.id(), claim.source(), claim.place(), claim.sentence(), claim.printed(), claim.unit(),
                claim.comparison(), claim.tolerance(), claim.reason(), claim.effect(), claim.notebook(), claim.model(),
                text);
    }
}
