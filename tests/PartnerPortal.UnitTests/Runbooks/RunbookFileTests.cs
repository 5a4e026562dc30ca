using System.IO.Compression;
using System.Text;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.UnitTests.Runbooks;

public sealed class RunbookFileTests
{
    private static RunbookFile Read(string path, string text) => RunbookFile.Read(path, Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("docs/haproxy.md", "# HAProxy management", "haproxy", "HAProxy management")]
    [InlineData("on-call.html.md", "---\ntitle: On call\n---\n", "on-call", "On call")]
    [InlineData("payments/README.md", "no heading", "payments", "Payments")]
    [InlineData("payments\\refund_stuck.MD", "text", "refund-stuck", "Refund stuck")]
    [InlineData("new.md", "# New", "runbook", "New")]
    public void A_file_becomes_a_runbook_named_after_it(string path, string text, string slug, string title)
    {
        var file = Read(path, text);

        Assert.Null(file.Refused);
        Assert.Equal((slug, title, text), (file.Draft!.Slug, file.Draft.Title, file.Draft.Text));
    }

    [Fact]
    public void Utf16_with_its_mark_is_read_as_text() =>
        Assert.Equal("# Åsa", RunbookFile.Read("a.md", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("# Åsa")]).Draft!.Text);

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text() =>
        Assert.Equal("# A", RunbookFile.Read("a.md", [0xEF, 0xBB, 0xBF, (byte)'#', (byte)' ', (byte)'A']).Draft!.Text);

    [Theory]
    [InlineData("logo.png", new byte[] { 1, 2 }, "a .png file")]
    [InlineData("LICENSE", new byte[] { 65 }, "without an ending")]
    [InlineData("latin1.md", new byte[] { 0x41, 0xE5, 0x41 }, "UTF-8")]
    [InlineData("zeros.md", new byte[] { 0x41, 0, 0x41 }, "UTF-8")]
    [InlineData("empty.md", new byte[0], "empty")]
    public void A_file_that_cannot_be_read_says_why(string path, byte[] bytes, string why)
    {
        var file = RunbookFile.Read(path, bytes);

        Assert.Null(file.Draft);
        Assert.Contains(why, file.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_one_name_get_slugs_of_their_own()
    {
        var slugs = RunbookFile.WithOwnSlugs([Read("a/down.md", "# A"), Read("b/down.md", "# B"), Read("c/b/down.md", "# C"), Read("x.png", ""), Read("down.md", "# D")]);

        Assert.Equal(["down", "b-down", "down-2", null, "down-3"], slugs.Select(f => f.Draft?.Slug));
    }

    [Fact]
    public void A_zip_gives_its_files_without_hidden_ones()
    {
        var zip = Zip(("docs/", ""), ("docs/a.md", "# A"), ("docs/.DS_Store", "x"), ("__MACOSX/docs/._a.md", "x"), ("docs/pic.png", "x"));

        Assert.True(RunbookArchive.IsZip(zip));
        Assert.Equal([("docs/a.md", true), ("docs/pic.png", false)], RunbookArchive.Read("docs.zip", zip).Select(f => (f.Path, f.Draft is not null)));
    }

    [Fact]
    public void An_archive_that_cannot_be_opened_is_named()
    {
        var zip = Zip(("a.md", "# A"));

        var refused = Assert.Throws<FieldsRefused>(() => RunbookArchive.Read("half.zip", zip[..20]));

        Assert.Contains("half.zip", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_in_an_archive_is_named_and_the_others_are_read()
    {
        var zip = Zip(("a.md", "# A" + new string('x', 4000)), ("b.md", "# B"));
        Array.Fill(zip, (byte)0xFF, 36, 12); // inside the first file's packed bytes

        var files = RunbookArchive.Read("damaged.zip", zip);

        Assert.Contains("damaged", files[0].Refused, StringComparison.Ordinal);
        Assert.Equal("B", files[1].Draft!.Title);
    }

    [Fact]
    public void A_file_that_unpacks_to_too_much_is_refused_in_bounded_memory()
    {
        var zip = Zip(("bomb.md", new string('a', 200_000_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var file = Assert.Single(RunbookArchive.Read("bomb.zip", zip));

        Assert.Contains("larger than", file.Refused, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Fact]
    public void Files_that_together_unpack_to_too_much_are_refused_together()
    {
        var zip = Zip([.. Enumerable.Range(0, 40).Select(i => ($"{i}.md", new string('a', 900_000)))]);

        Assert.Throws<FieldsRefused>(() => RunbookArchive.Read("many.zip", zip));
    }

    private static byte[] Zip(params (string Path, string Text)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }
}
