using System.Text;
using ClosedXML.Excel;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews.Importing;

namespace PartnerPortal.UnitTests.Reviews;

public sealed class ChecklistFileTests
{
    [Fact]
    public void A_task_list_becomes_sections_and_items_in_clean_text()
    {
        var list = Read("""
            <!-- generated -->
            # :rocket: Launch checklist

            What must be true before the launch.

            ## Head
            - [ ] **Doctype:** ![High][high] The `Doctype` is [HTML5](https://example.com/html5) &amp; comes <b>first</b>.

            - 📖 [Reading](https://example.com/read)

            ### Meta
            - [x] The charset
                  is UTF-8.
              - [ ] Also on error pages

            ```html
            <meta>
            ```

            [high]: https://example.com/high.svg
            """);

        Assert.Equal(("Launch checklist", "What must be true before the launch.", ChecklistFormat.Markdown), (list.Draft.Title, list.Draft.Purpose, list.Format));
        Assert.Equal(["Head", "Head: Meta"], list.Draft.Sections.Select(s => s.Title));
        var first = list.Draft.Sections[0].Items.Single();
        Assert.Equal(("Doctype: The Doctype is HTML5 & comes first.", "major"), (first.Question, first.Severity));
        Assert.Equal("See https://example.com/html5\n📖 Reading (https://example.com/read)", first.Good);
        Assert.Equal([("The charset is UTF-8.", ""), ("Also on error pages", "Part of: The charset is UTF-8.")], list.Draft.Sections[1].Items.Select(i => (i.Question!, i.Why!)));
        Assert.Contains(list.Notes, n => n.ToString().StartsWith("line 16: A code block", StringComparison.Ordinal));
        Assert.Contains(list.Notes, n => n.Sentence.StartsWith("1 items were ticked", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_in_Markdown_gives_an_item_a_row_with_its_marks_in_words()
    {
        var list = Read("""
            # Production
            ## :wrench: Keeping it
            Why it matters at all.

            | Check name | Short Description | Level B | Level A |
            | :--- | :--- | :--- | :--- |
            | [Unit test](https://example.com/t) | It has `unit` tests. |  | :white_check_mark: |
            | PDB | It has one. | :white_check_mark: | :white_check_mark: |

            | Colour | Size |
            | --- | --- |
            | red | 1 |
            """);

        var section = list.Draft.Sections.Single();
        Assert.Equal(("Keeping it", "Why it matters at all."), (section.Title, section.About));
        Assert.Equal(["unit-test", "pdb"], section.Items.Select(i => i.Key));
        Assert.Equal(("Unit test: It has unit tests.", "See https://example.com/t\nAsked for: Level A"), (section.Items[0].Question!, section.Items[0].Good!));
        Assert.Equal("Asked for: Level B, Level A", section.Items[1].Good);
        Assert.Contains(list.Notes, n => n.ToString() == "line 10: A table without a column for the question was left out.");
    }

    [Fact]
    public void Equal_questions_get_keys_of_their_own() =>
        Assert.Equal(["is-it-documented", "is-it-documented-2", "is-it-documented-3"], Read("- [ ] Is it documented?\n- [ ] Is it documented?\n- [ ] Is it documented?").Draft.Sections[0].Items.Select(i => i.Key));

    [Fact]
    public void A_question_that_is_too_long_keeps_its_whole_text_below()
    {
        var long_ = string.Concat(Enumerable.Repeat("very long words ", 40)).Trim();
        var item = Read("- [ ] " + long_).Draft.Sections[0].Items[0];
        Assert.True(item.Question!.Length <= 400 && item.Question.EndsWith('…'));
        Assert.Equal(long_, item.Good);
    }

    [Fact]
    public void Csv_is_read_by_the_names_of_its_columns()
    {
        var list = Read("Section;ID;Question;Who;Priority;Type;Choices;Why;Remarks\nLoad;peak-1;Is there a limit?;partner;high;number;;It hurts;see the wiki\nLoad;2;Which way?;them;P0;single choice;a|b;;\n;;;;;;;;\nSupport;;\"Who answers \"\"now\"\"?\";us;;;;;\n", "My_list.csv");

        Assert.Equal(("My list", ChecklistFormat.Csv), (list.Draft.Title, list.Format));
        Assert.Equal(["Load", "Support"], list.Draft.Sections.Select(s => s.Title));
        var (first, second) = (list.Draft.Sections[0].Items[0], list.Draft.Sections[0].Items[1]);
        Assert.Equal(("peak-1", "partner", "major", "number", "It hurts"), (first.Key, first.Who, first.Severity, first.Kind, first.Why));
        Assert.Equal(("item-2", null, "blocker", "single choice"), (second.Key, second.Who, second.Severity, second.Kind));
        Assert.Equal(["a", "b"], second.Options!);
        Assert.Equal("Who answers \"now\"?", list.Draft.Sections[1].Items[0].Question);
        Assert.Equal(["line 1: The column “Remarks” was left out.", "line 3: “them” is not known as “Who” and was left out."], list.Notes.Select(n => n.ToString()));
    }

    [Fact]
    public void Csv_that_breaks_off_names_the_line() =>
        Assert.StartsWith("Line 3 ", Refusal("section,question\na,One?\nb,\"Two?\n", ChecklistFormat.Csv), StringComparison.Ordinal);

    [Fact]
    public void Csv_without_names_of_columns_says_which_are_read() =>
        Assert.Contains("One of them must be “question”", Refusal("Is it fast?,yes\nIs it safe?,no\n", ChecklistFormat.Csv), StringComparison.Ordinal);

    [Fact]
    public void A_workbook_is_read_sheet_by_sheet_and_formulas_are_never_computed()
    {
        using var book = new XLWorkbook();
        var load = book.AddWorksheet("Load");
        load.Cell(1, 1).Value = "Our list of 2026";
        (load.Cell(3, 1).Value, load.Cell(3, 2).Value) = ("Requirement", "Severity");
        load.Cell(4, 1).Value = "Is there a limit?";
        load.Cell(4, 2).Value = "Blocker";
        load.Cell(5, 1).FormulaA1 = "=1+1";
        book.AddWorksheet("Notes").Cell(1, 1).Value = "nothing here";

        var list = Read(Bytes(book), "Load and more.xlsx");

        Assert.Equal(("Load and more", "Load"), (list.Draft.Title, list.Draft.Sections.Single().Title));
        Assert.Equal(("Is there a limit?", "blocker"), (list.Draft.Sections[0].Items[0].Question, list.Draft.Sections[0].Items[0].Severity));
        Assert.Contains(list.Notes, n => n.Place == "Notes");
    }

    [Fact]
    public void Vsaq_keeps_conditions_and_turns_tips_into_whys()
    {
        var list = Read("""
            // Copyright: somebody.
            { "questionnaire": [ { "type": "block", "text": "Offices", "items": [
              { "type": "block", "text": "At <b>work</b>", "items": [
                { "type": "info", "text": "Note: offices are open." },
                { "type": "radiogroup", "id": "ra", "text": "Do you review?", "choices": [ {"ra_yes": "Yes, each year"}, {"ra_no": "No \"never\""} ] },
                { "type": "tip", "cond": "ra_no", "text": "Reviews find gaps.", "severity": "high", "warn": "yes" },
                { "type": "checkgroup", "id": "ctl", "text": "Controls?", "choices": [ {"c_a": "Cards"}, {"c_b": "Guards"} ] },
                { "type": "block", "text": "Cards", "cond": "c_a && !ra_no", "items": [
                  { "type": "radiogroup", "id": "log", "text": "Is it logged?", "choices": [ {"l_y": "Yes"}, {"l_n": "No"} ] },
                  { "type": "line", "id": "why", "cond": "l_n || ghost", "text": "Why not?" }, ] },
                { "type": "box", "cond": "log/yes", "text": "How?" },
                { "type": "hologram", "text": "?" }
              ] } ] } ] }
            """);

        Assert.Equal((ChecklistFormat.Vsaq, "Offices"), (list.Format, list.Draft.Title));
        Assert.Equal(["At work", "At work: Cards", "At work (continued)"], list.Draft.Sections.Select(s => s.Title));
        Assert.Equal("Note: offices are open.", list.Draft.Sections[0].About);
        var items = list.Draft.Sections.SelectMany(s => s.Items).ToList();
        Assert.All(items, i => Assert.Equal("partner", i.Who));
        Assert.Equal(["single choice", "several choices", "yes/no", "text", "text"], items.Select(i => i.Kind));
        Assert.Equal(("Reviews find gaps.", "major", "Another answer than “No 'never'”."), (items[0].Why, items[0].Severity, items[0].Good));
        Assert.Equal("ctl has \"Cards\" and not ra = \"No 'never'\"", items[2].ShownWhen);
        Assert.Null(items[3].ShownWhen);
        Assert.Equal("log", items[4].ShownWhen);
        Assert.Contains(list.Notes, n => n.Sentence.Contains("no question or choice “ghost”", StringComparison.Ordinal));
        Assert.Contains(list.Notes, n => n.Sentence.Contains("“hologram”", StringComparison.Ordinal));
    }

    [Fact]
    public void Broken_json_names_the_line()
    {
        Assert.StartsWith("Line 3 ", Refusal("// c\n{ \"questionnaire\": [\n  { \"type\": block }\n]}", ChecklistFormat.Vsaq), StringComparison.Ordinal);
        Assert.StartsWith("Line 2 ", Refusal("{ \"items\": [\n  { \"guid\": \"1\" ", ChecklistFormat.Azure), StringComparison.Ordinal);
        Assert.Contains("no list called “items”", Refusal("{\"a\":1}", ChecklistFormat.Azure), StringComparison.Ordinal);
    }

    [Fact]
    public void Azure_items_keep_guid_severity_pillar_and_links()
    {
        var list = Read("""
            { "items": [
              { "category": "Ops", "subcategory": "Logs", "waf": "Operations", "text": "Include a <base/> element.", "guid": "D7941D4A-7b6f-458f-8714-2f8f8c059ad4", "severity": "High", "link": "https://example.com/a", "training": "https://example.com/t", "graph": "resources" },
              { "category": "Cost", "text": "Know the price.", "guid": "g2", "severity": "Low" },
              { "category": "Ops", "text": " ", "guid": "g3" } ],
              "metadata": { "name": "My review" } }
            """);

        Assert.Equal((ChecklistFormat.Azure, "My review"), (list.Format, list.Draft.Title));
        Assert.Equal(["Ops", "Cost"], list.Draft.Sections.Select(s => s.Title));
        var item = list.Draft.Sections[0].Items.Single();
        Assert.Equal(("d7941d4a-7b6f-458f-8714-2f8f8c059ad4", "Include a <base/> element.", "major", "Operations · Logs"), (item.Key, item.Question, item.Severity, item.Why));
        Assert.Equal("See https://example.com/a\nTraining: https://example.com/t", item.Good);
        Assert.Contains(list.Notes, n => n.ToString() == "items[2]: An item without a text was left out.");
    }

    [Fact]
    public void Asvs_requirements_keep_number_chapter_and_level()
    {
        var list = Read("chapter_id,chapter_name,section_id,section_name,req_id,req_description,L\nV1,Encoding,V1.1,Architecture,V1.1.1,\"Verify, once.\",2\nV2,Logic,V2.1,Docs,V2.1.1,Verify that.,1\n");

        Assert.Equal(ChecklistFormat.AsvsCsv, list.Format);
        Assert.Equal(["V1 Encoding", "V2 Logic"], list.Draft.Sections.Select(s => s.Title));
        var item = list.Draft.Sections[0].Items.Single();
        Assert.Equal(("v1-1-1", "Verify, once.", "minor", "V1.1.1, Architecture, level 2"), (item.Key, item.Question, item.Severity, item.Why));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n ", "empty")]
    [InlineData("openapi: 3.1.0\ninfo:\n  title: x\n", "an API description")]
    [InlineData("{\n  \"openapi\": \"3.0.0\",\n  \"info\": {}\n}", "an API description")]
    [InlineData("{\"info\":{},\"swagger\":\"2.0\"}", "an API description")]
    [InlineData("Received: from a by b\nFrom: a@example.com\nTo: b@example.com\nSubject: x\n\n- [ ] do it\n", "a mail")]
    [InlineData("<!doctype html><html><body>- [ ] x</body></html>", "an HTML page")]
    [InlineData("{\"a\": [1, 2]}", "a JSON file")]
    [InlineData("%PDF-1.7 ...", "a PDF")]
    [InlineData("# Design\n\n- Author(s)\n  - Somebody\n\n> Why?\n", "holds no item")]
    public void What_is_no_checklist_is_refused_with_what_it_is(string text, string said)
    {
        Assert.Contains(said, Refusal(text, null), StringComparison.Ordinal);
        Assert.Contains(said, Refusal(text, ChecklistFormat.Markdown), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_encodings_and_binaries_are_refused_by_name()
    {
        Assert.Contains("UTF-16", RefusalOf([0xFF, 0xFE, (byte)'-', 0], null), StringComparison.Ordinal);
        Assert.Contains("another encoding than UTF-8", RefusalOf(Encoding.Latin1.GetBytes("- [ ] Grüße"), ChecklistFormat.Markdown), StringComparison.Ordinal);
        Assert.Contains("not known here", RefusalOf([1, 2, 3, 0xFF, 0, 0xFE], null), StringComparison.Ordinal);
        Assert.Contains("not an Excel workbook", RefusalOf("- [ ] x"u8, ChecklistFormat.Xlsx), StringComparison.Ordinal);
        Assert.Contains("damaged", RefusalOf("PK\x03\x04rubbish"u8, ChecklistFormat.Xlsx), StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrong_format_is_told_the_right_one() =>
        Assert.Contains("It looks like Azure review checklist", Refusal("{\"items\":[{\"guid\":\"a\",\"text\":\"b\"}]}", ChecklistFormat.Markdown), StringComparison.Ordinal);

    [Fact]
    public void More_than_five_hundred_items_are_refused_and_five_hundred_are_read()
    {
        Assert.Equal(500, Read(string.Concat(Enumerable.Range(1, 500).Select(i => $"- [ ] Question {i}?\n"))).Items);
        Assert.Contains("There are 501 items", Refusal(string.Concat(Enumerable.Range(1, 501).Select(i => $"- [ ] Question {i}?\n")), null), StringComparison.Ordinal);
    }

    private static ImportedChecklist Read(string text, string? name = null) => Read(Encoding.UTF8.GetBytes(text), name);

    private static ImportedChecklist Read(byte[] bytes, string? name)
    {
        var list = ChecklistFile.Read(bytes, null, name);
        Assert.Equal(list.Items, list.Draft.Checked().Items.Count());
        return list;
    }

    private static byte[] Bytes(XLWorkbook book)
    {
        using var stream = new MemoryStream();
        book.SaveAs(stream);
        return stream.ToArray();
    }

    private static string Refusal(string text, ChecklistFormat? format) => RefusalOf(Encoding.UTF8.GetBytes(text), format);

    private static string RefusalOf(ReadOnlySpan<byte> bytes, ChecklistFormat? format)
    {
        try
        {
            return "read: " + ChecklistFile.Read(bytes, format, "file").Items;
        }
        catch (FieldsRefused refused)
        {
            return refused.Errors["file"].Single();
        }
    }
}
