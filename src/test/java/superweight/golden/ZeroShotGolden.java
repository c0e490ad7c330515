package superweight.golden;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import superweight.measure.Continuation;

/** What Hugging Face transformers makes of some items of the zero-shot tasks; make_zero_shot.py writes it. */
record ZeroShotGolden(List<Item> items) {

    /**
     * One item.
     *
     * @param row its place in the task's file, from 0
     */
    record Item(String task, int row, List<Scored> continuations) {
        @Override
        public String toString() {
            return task + ", row " + row;
        }
    }

    record Scored(List<Integer> ids, int scored, double logLikelihood, boolean greedy) {
        Continuation.Tokenized tokenized() {
            return new Continuation.Tokenized(ids.stream().mapToInt(Integer::intValue).toArray(), scored);
        }
    }

    static ZeroShotGolden smollm2() {
        try (Reader json = new InputStreamReader(
                ZeroShotGolden.class.getResourceAsStream("/golden/zero-shot.json"), StandardCharsets.UTF_8)) {
            return new Gson().fromJson(json, ZeroShotGolden.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
