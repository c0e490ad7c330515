package superweight.golden;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import superweight.model.Coordinate;
import superweight.model.Intervention;

/** What Hugging Face transformers computes in float32 on the embedded model, from the same file. */
record Golden(
        List<Tokenized> tokenizer,
        @SerializedName("down_proj_profile") Profile profile,
        Map<String, List<List<Integer>>> coordinates,
        @SerializedName("next_token") Map<String, List<NextTokens>> nextToken,
        WikiText2 wikitext2,
        Lambada lambada,
        Map<String, List<Greedy>> greedy) {

    record Tokenized(String text, List<Integer> ids) {}

    record Profile(String prompt, List<LayerProfile> layers) {}

    record LayerProfile(
            int layer,
            @SerializedName("in_max") double inMax,
            @SerializedName("in_token") int inToken,
            @SerializedName("in_channel") int inChannel,
            @SerializedName("out_max") double outMax,
            @SerializedName("out_token") int outToken,
            @SerializedName("out_channel") int outChannel,
            @SerializedName("weight_at_out_in") double weight) {}

    record NextTokens(String prompt, List<TopToken> top) {}

    record TopToken(int id, String token, double prob) {}

    record WikiText2(
            @SerializedName("text_sha256") String textSha256,
            int tokens,
            @SerializedName("first_ids") List<Integer> firstIds,
            List<WindowedPerplexity> ppl) {}

    record WindowedPerplexity(
            String condition, List<List<Double>> scaled, int windows, int length, double ppl) {
        List<Intervention> interventions() {
            return scaled.stream()
                    .map(s -> Intervention.scale(
                            new Coordinate(s.get(0).intValue(), s.get(1).intValue(), s.get(2).intValue()),
                            s.get(3)))
                    .toList();
        }

        @Override
        public String toString() {
            return condition + ", " + windows + " windows of " + length;
        }
    }

    record Lambada(
            int items,
            Map<String, Double> accuracy,
            @SerializedName("stopword_mean_prob") Map<String, Map<String, Double>> stopwordMeanProb) {}

    record Greedy(
            String prompt,
            @SerializedName("prompt_ids") List<Integer> promptIds,
            List<Integer> ids,
            List<Double> margins,
            String text) {}

    /** The interventions that a condition's name stands for. */
    List<Intervention> pruned(String condition) {
        return coordinates.getOrDefault(condition, List.of()).stream()
                .map(c -> Intervention.prune(new Coordinate(c.get(0), c.get(1), c.get(2))))
                .toList();
    }

    static Golden smollm2() {
        try (Reader json = new InputStreamReader(
                Golden.class.getResourceAsStream("/golden/smollm2-135m.json"),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(json, Golden.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
