package superweight.measure;

import java.util.List;
import java.util.function.Function;

/** What perplexity is measured on, with the rule by which windows are taken from it. */
public sealed interface WindowedText permits EvaluationText, C4Sample {
    /** As results are called after it, such as {@code wikitext2}. */
    String name();

    /** Of what the windows are taken from. */
    String sha256();

    /**
     * The first windows, as many as there are but not more than {@code most}.
     *
     * @param encode gives a text's token ids
     * @param window tokens of a window, at least 2
     * @throws superweight.InvalidInputException if the text does not fill a single window
     */
    List<int[]> windows(Function<String, int[]> encode, int window, int most);
}
