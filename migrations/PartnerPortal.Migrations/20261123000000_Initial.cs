using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace PartnerPortal.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "actions");

            migrationBuilder.EnsureSchema(
                name: "incidents");

            migrationBuilder.EnsureSchema(
                name: "reviews");

            migrationBuilder.EnsureSchema(
                name: "contacts");

            migrationBuilder.EnsureSchema(
                name: "escalation");

            migrationBuilder.EnsureSchema(
                name: "metrics");

            migrationBuilder.EnsureSchema(
                name: "access");

            migrationBuilder.EnsureSchema(
                name: "audit");

            migrationBuilder.EnsureSchema(
                name: "portal");

            migrationBuilder.EnsureSchema(
                name: "integrations");

            migrationBuilder.EnsureSchema(
                name: "communications");

            migrationBuilder.EnsureSchema(
                name: "partners");

            migrationBuilder.EnsureSchema(
                name: "runbooks");

            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateTable(
                name: "channels",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    address = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    sealed_secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    order = table.Column<int>(type: "integer", nullable: false),
                    after = table.Column<TimeSpan>(type: "interval", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    code = table.Column<string>(type: "character varying(4)", maxLength: 4, nullable: true),
                    tested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    proven_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    callback_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_channels", x => x.id);
                    table.CheckConstraint("ck_channels_whose", "(owner IS NULL) <> (slug IS NULL)");
                });

            migrationBuilder.CreateTable(
                name: "cookie_keys",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    friendly_name = table.Column<string>(type: "text", nullable: true),
                    xml = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cookie_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "entries",
                schema: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor_id = table.Column<Guid>(type: "uuid", nullable: true),
                    actor_name = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    through = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    kind = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    action = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    before = table.Column<string>(type: "jsonb", nullable: true),
                    after = table.Column<string>(type: "jsonb", nullable: true),
                    position = table.Column<long>(type: "bigint", nullable: true),
                    hash = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "forwarded",
                schema: "metrics",
                columns: table => new
                {
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    forwarded_to = table.Column<long>(type: "bigint", nullable: false),
                    samples = table.Column<long>(type: "bigint", nullable: false),
                    refused = table.Column<long>(type: "bigint", nullable: false),
                    refusal = table.Column<string>(type: "text", nullable: true),
                    kept_to = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_forwarded", x => x.source_id);
                });

            migrationBuilder.CreateTable(
                name: "habits",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    quiet_from = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    quiet_to = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    digest_at = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    time_zone = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_habits", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "heads",
                schema: "audit",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_heads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "idempotency",
                schema: "portal",
                columns: table => new
                {
                    actor = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    method = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    body_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    attempt = table.Column<Guid>(type: "uuid", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: true),
                    content_type = table.Column<string>(type: "text", nullable: true),
                    location = table.Column<string>(type: "text", nullable: true),
                    etag = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<byte[]>(type: "bytea", nullable: true),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency", x => new { x.actor, x.key });
                });

            migrationBuilder.CreateTable(
                name: "inhibitions",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "jsonb", nullable: false),
                    target = table.Column<string>(type: "jsonb", nullable: false),
                    equal = table.Column<string>(type: "jsonb", nullable: false),
                    comment = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    created_by = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inhibitions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "leases",
                schema: "portal",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    owner = table.Column<Guid>(type: "uuid", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leases", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "modules",
                schema: "portal",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    last_good_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_failed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    last_took_ms = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_modules", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    critical = table.Column<bool>(type: "boolean", nullable: false),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: true),
                    step_id = table.Column<Guid>(type: "uuid", nullable: true),
                    recipient = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    recipient_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    channel = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    address = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    channel_id = table.Column<Guid>(type: "uuid", nullable: true),
                    rank = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    problem = table.Column<string>(type: "text", nullable: true),
                    possibly_twice = table.Column<bool>(type: "boolean", nullable: false),
                    provider_id = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    sent_with = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notifications", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "partners",
                schema: "partners",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    summary = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    owner = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    deputy = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    tier = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    links = table.Column<string>(type: "jsonb", nullable: false),
                    documents = table.Column<string>(type: "jsonb", nullable: false),
                    mail_address = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name || ' ' || slug || ' ' || coalesce(owner, '') || ' ' || portal.joined(tags))", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_partners", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "policies",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    steps = table.Column<string>(type: "jsonb", nullable: false),
                    repeat = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_policies", x => x.id);
                    table.UniqueConstraint("ak_policies_slug", x => x.slug);
                });

            migrationBuilder.CreateTable(
                name: "pushed_families",
                schema: "metrics",
                columns: table => new
                {
                    partner = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    help = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pushed_families", x => new { x.partner, x.name });
                });

            migrationBuilder.CreateTable(
                name: "schedules",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    time_zone = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    layers = table.Column<string>(type: "jsonb", nullable: false),
                    holidays = table.Column<string>(type: "jsonb", nullable: false),
                    overrides = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_schedules", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sealed",
                schema: "metrics",
                columns: table => new
                {
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_to = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sealed", x => x.source_id);
                });

            migrationBuilder.CreateTable(
                name: "series",
                schema: "metrics",
                columns: table => new
                {
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<int>(type: "integer", nullable: false),
                    first_at = table.Column<long>(type: "bigint", nullable: false),
                    last_at = table.Column<long>(type: "bigint", nullable: false),
                    numbers = table.Column<byte[]>(type: "bytea", nullable: false),
                    hashes = table.Column<byte[]>(type: "bytea", nullable: false),
                    lags = table.Column<byte[]>(type: "bytea", nullable: true),
                    labels = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_series", x => new { x.source_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "teams",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    members = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_teams", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "template_drafts",
                schema: "reviews",
                columns: table => new
                {
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    based_on = table.Column<int>(type: "integer", nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    edited_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    edited_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_drafts", x => x.slug);
                });

            migrationBuilder.CreateTable(
                name: "templates",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    latest = table.Column<int>(type: "integer", nullable: false),
                    shipped = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_templates", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "writers",
                schema: "metrics",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner = table.Column<string>(type: "text", nullable: false),
                    job = table.Column<string>(type: "text", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_writers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "contacts",
                schema: "contacts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    side = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    role = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    phone = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    time_zone = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    hours = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    language = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    notes = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    order = table.Column<int>(type: "integer", nullable: false),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    confirmed_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    last_attempt = table.Column<string>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(name || ' ' || role || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''))", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contacts", x => x.id);
                    table.ForeignKey(
                        name: "fk_contacts_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    invited_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    accepted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    accepted_by = table.Column<Guid>(type: "uuid", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => x.id);
                    table.ForeignKey(
                        name: "fk_invitations_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "people",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    display_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    time_zone = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "portal.now()"),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_code_step = table.Column<long>(type: "bigint", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_user_name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    normalized_email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    email_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    security_stamp = table.Column<string>(type: "text", nullable: true),
                    phone_number = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    phone_number_confirmed = table.Column<bool>(type: "boolean", nullable: false),
                    lockout_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false),
                    email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true),
                    two_factor_enabled = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people", x => x.id);
                    table.ForeignKey(
                        name: "fk_people_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "runbooks",
                schema: "runbooks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    steps = table.Column<int>(type: "integer", nullable: false),
                    scope = table.Column<string>(type: "jsonb", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    changed_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    verified_on = table.Column<DateOnly>(type: "date", nullable: true),
                    verified_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    verified_number = table.Column<int>(type: "integer", nullable: true),
                    archived_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_runbooks", x => x.id);
                    table.ForeignKey(
                        name: "fk_runbooks_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "silences",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    matchers = table.Column<string>(type: "jsonb", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    repeat = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    time_zone = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    comment = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    created_by = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_silences", x => x.id);
                    table.ForeignKey(
                        name: "fk_silences_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "integrations",
                schema: "integrations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    stage = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    stage_history = table.Column<string>(type: "jsonb", nullable: false),
                    criticality = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    environments = table.Column<string>(type: "jsonb", nullable: false),
                    impact = table.Column<string>(type: "jsonb", nullable: false),
                    escalation_policy = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_integrations", x => x.id);
                    table.ForeignKey(
                        name: "fk_integrations_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_integrations_policies_escalation_policy",
                        column: x => x.escalation_policy,
                        principalSchema: "escalation",
                        principalTable: "policies",
                        principalColumn: "slug",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "shift_feeds",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    schedule_id = table.Column<Guid>(type: "uuid", nullable: true),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_shift_feeds", x => x.id);
                    table.ForeignKey(
                        name: "fk_shift_feeds_schedules_schedule_id",
                        column: x => x.schedule_id,
                        principalSchema: "escalation",
                        principalTable: "schedules",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "shifts",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    schedule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    people = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_shifts", x => x.id);
                    table.ForeignKey(
                        name: "fk_shifts_schedules_schedule_id",
                        column: x => x.schedule_id,
                        principalSchema: "escalation",
                        principalTable: "schedules",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "template_versions",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    published_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_template_versions", x => x.id);
                    table.ForeignKey(
                        name: "fk_template_versions_templates_template_id",
                        column: x => x.template_id,
                        principalSchema: "reviews",
                        principalTable: "templates",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                schema: "contacts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    contact_id = table.Column<Guid>(type: "uuid", nullable: false),
                    outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attempts", x => x.id);
                    table.ForeignKey(
                        name: "fk_attempts_contacts_contact_id",
                        column: x => x.contact_id,
                        principalSchema: "contacts",
                        principalTable: "contacts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "claims",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    claim_type = table.Column<string>(type: "text", nullable: true),
                    claim_value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_claims", x => x.id);
                    table.ForeignKey(
                        name: "fk_claims_people_user_id",
                        column: x => x.user_id,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "logins",
                schema: "access",
                columns: table => new
                {
                    login_provider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    provider_key = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    provider_display_name = table.Column<string>(type: "text", nullable: true),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logins", x => new { x.login_provider, x.provider_key });
                    table.ForeignKey(
                        name: "fk_logins_people_user_id",
                        column: x => x.user_id,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "passkeys",
                schema: "access",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passkeys", x => x.credential_id);
                    table.ForeignKey(
                        name: "fk_passkeys_people_user_id",
                        column: x => x.user_id,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                schema: "access",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    login_provider = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    name = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_secrets", x => new { x.user_id, x.login_provider, x.name });
                    table.ForeignKey(
                        name: "fk_secrets_people_user_id",
                        column: x => x.user_id,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_name = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    how = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ip = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    user_agent = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_sessions_people_person_id",
                        column: x => x.person_id,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tokens",
                schema: "access",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hint = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    scopes = table.Column<string>(type: "jsonb", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tokens", x => x.id);
                    table.ForeignKey(
                        name: "fk_tokens_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_tokens_people_owner_id",
                        column: x => x.owner_id,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "versions",
                schema: "runbooks",
                columns: table => new
                {
                    runbook_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    note = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_versions", x => new { x.runbook_id, x.number });
                    table.ForeignKey(
                        name: "fk_versions_runbooks_runbook_id",
                        column: x => x.runbook_id,
                        principalSchema: "runbooks",
                        principalTable: "runbooks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "actions",
                schema: "actions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    owner = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    side = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due = table.Column<DateOnly>(type: "date", nullable: true),
                    source = table.Column<string>(type: "jsonb", nullable: false),
                    source_key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    evidence = table.Column<string>(type: "text", nullable: false),
                    done_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    done_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(text || ' ' || coalesce(owner, ''))", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actions", x => x.id);
                    table.ForeignKey(
                        name: "fk_actions_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_actions_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source_name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    source_id = table.Column<Guid>(type: "uuid", nullable: true),
                    dedup_key = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    summary = table.Column<string>(type: "text", nullable: false),
                    severity = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: true),
                    onset = table.Column<string>(type: "jsonb", nullable: false),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    no_data_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    runbook = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    history = table.Column<string>(type: "jsonb", nullable: false),
                    repeats = table.Column<int>(type: "integer", nullable: false),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sender_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    link = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    group = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    urgency = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: true),
                    settled = table.Column<bool>(type: "boolean", nullable: false),
                    held_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    silence_id = table.Column<Guid>(type: "uuid", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alerts", x => x.id);
                    table.ForeignKey(
                        name: "fk_alerts_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_alerts_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "charts",
                schema: "metrics",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    lines = table.Column<string>(type: "jsonb", nullable: false),
                    both_sides = table.Column<bool>(type: "boolean", nullable: false),
                    place = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_charts", x => x.id);
                    table.ForeignKey(
                        name: "fk_charts_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "counter_pairs",
                schema: "metrics",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    title = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    ours = table.Column<string>(type: "text", nullable: false),
                    theirs = table.Column<string>(type: "text", nullable: false),
                    our_tests = table.Column<string>(type: "text", nullable: true),
                    their_tests = table.Column<string>(type: "text", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_counter_pairs", x => x.id);
                    table.ForeignKey(
                        name: "fk_counter_pairs_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "events",
                schema: "metrics",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: true),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    url = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_events_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_events_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "incidents",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: true),
                    also_hit = table.Column<string>(type: "jsonb", nullable: false),
                    group = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    what_users_see = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    severity = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    urgency = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    onset = table.Column<string>(type: "jsonb", nullable: false),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    opened_by = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    acknowledged_by = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    acknowledged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    acknowledged_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    snoozed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    responders = table.Column<string>(type: "jsonb", nullable: false),
                    bridge = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    their_ticket = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resolved_by = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    merged_into = table.Column<Guid>(type: "uuid", nullable: true),
                    part_of = table.Column<Guid>(type: "uuid", nullable: true),
                    drill = table.Column<bool>(type: "boolean", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_incidents", x => x.id);
                    table.ForeignKey(
                        name: "fk_incidents_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_incidents_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "maintenance",
                schema: "communications",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    operations = table.Column<string>(type: "jsonb", nullable: false),
                    impact = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    silence_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    called_off_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_maintenance", x => x.id);
                    table.ForeignKey(
                        name: "fk_maintenance_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_maintenance_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_maintenance_silence_silence_id",
                        column: x => x.silence_id,
                        principalSchema: "incidents",
                        principalTable: "silences",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "rules",
                schema: "metrics",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    slug = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    title = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    expression = table.Column<string>(type: "text", nullable: false),
                    @for = table.Column<TimeSpan>(name: "for", type: "interval", nullable: false),
                    keep_firing_for = table.Column<TimeSpan>(type: "interval", nullable: false),
                    severity = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    summary = table.Column<string>(type: "text", nullable: false),
                    runbook = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rules", x => x.id);
                    table.ForeignKey(
                        name: "fk_rules_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_rules_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sources",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    group_by = table.Column<string>(type: "jsonb", nullable: false),
                    urgency = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    mapping = table.Column<string>(type: "jsonb", nullable: true),
                    silent_after = table.Column<TimeSpan>(type: "interval", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    sealed_signing_secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_former_signing_secret = table.Column<byte[]>(type: "bytea", nullable: true),
                    former_signing_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    subscription = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sources", x => x.id);
                    table.ForeignKey(
                        name: "fk_sources_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sources_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sources",
                schema: "metrics",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    url = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    side = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    interval = table.Column<TimeSpan>(type: "interval", nullable: false),
                    timeout = table.Column<TimeSpan>(type: "interval", nullable: false),
                    format = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    mapping = table.Column<string>(type: "character varying(50000)", maxLength: 50000, nullable: true),
                    queries = table.Column<string>(type: "jsonb", nullable: false),
                    limits = table.Column<string>(type: "jsonb", nullable: false),
                    header_names = table.Column<string[]>(type: "text[]", nullable: false),
                    sealed_headers = table.Column<byte[]>(type: "bytea", nullable: true),
                    paused_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sources1", x => x.id);
                    table.ForeignKey(
                        name: "fk_sources_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_sources_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "targets",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    terms = table.Column<string>(type: "jsonb", nullable: false),
                    normal_subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ours = table.Column<string>(type: "jsonb", nullable: true),
                    theirs = table.Column<string>(type: "jsonb", nullable: true),
                    agreed_figure = table.Column<decimal>(type: "numeric", nullable: true),
                    agreed_with = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    agreed_on = table.Column<DateOnly>(type: "date", nullable: true),
                    query = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    stale_after_days = table.Column<int>(type: "integer", nullable: false),
                    not_applicable = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    reading = table.Column<string>(type: "jsonb", nullable: true),
                    proof = table.Column<string>(type: "jsonb", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_targets", x => x.id);
                    table.ForeignKey(
                        name: "fk_targets_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_targets_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "waivers",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    area = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    title = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    requested_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    approved_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_waivers", x => x.id);
                    table.ForeignKey(
                        name: "fk_waivers_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_waivers_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reviews",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    integration_id = table.Column<Guid>(type: "uuid", nullable: false),
                    template_version_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tier = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    started_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decision = table.Column<string>(type: "jsonb", nullable: true),
                    concluded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closing = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reviews", x => x.id);
                    table.ForeignKey(
                        name: "fk_reviews_integrations_integration_id",
                        column: x => x.integration_id,
                        principalSchema: "integrations",
                        principalTable: "integrations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reviews_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reviews_template_versions_template_version_id",
                        column: x => x.template_version_id,
                        principalSchema: "reviews",
                        principalTable: "template_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "entries",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    by = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    what = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_entries1", x => x.id);
                    table.ForeignKey(
                        name: "fk_entries_incidents_incident_id",
                        column: x => x.incident_id,
                        principalSchema: "incidents",
                        principalTable: "incidents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "runs",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: false),
                    policies = table.Column<string>(type: "jsonb", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    policy_at = table.Column<int>(type: "integer", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    next = table.Column<int>(type: "integer", nullable: false),
                    turn = table.Column<int>(type: "integer", nullable: false),
                    reached_somebody = table.Column<bool>(type: "boolean", nullable: false),
                    timer = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    held_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_runs", x => x.id);
                    table.CheckConstraint("ck_runs_open_is_due", "(ended_at IS NULL) = (due_at IS NOT NULL)");
                    table.ForeignKey(
                        name: "fk_runs_incident_incident_id",
                        column: x => x.incident_id,
                        principalSchema: "incidents",
                        principalTable: "incidents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "runs",
                schema: "runbooks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    runbook_id = table.Column<Guid>(type: "uuid", nullable: false),
                    title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    steps = table.Column<string>(type: "jsonb", nullable: false),
                    standings = table.Column<string>(type: "jsonb", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_by = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_runs1", x => x.id);
                    table.ForeignKey(
                        name: "fk_runs_incidents_incident_id",
                        column: x => x.incident_id,
                        principalSchema: "incidents",
                        principalTable: "incidents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_runs_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_runs_runbooks_runbook_id",
                        column: x => x.runbook_id,
                        principalSchema: "runbooks",
                        principalTable: "runbooks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "rule_runs",
                schema: "metrics",
                columns: table => new
                {
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    commits = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_good_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    no_data_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    error_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    took_microseconds = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rule_runs", x => x.rule_id);
                    table.ForeignKey(
                        name: "fk_rule_runs_rules_rule_id",
                        column: x => x.rule_id,
                        principalSchema: "metrics",
                        principalTable: "rules",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "rule_standings",
                schema: "metrics",
                columns: table => new
                {
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    labels = table.Column<string>(type: "jsonb", nullable: false),
                    standing = table.Column<string>(type: "jsonb", nullable: false),
                    alert_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rule_standings", x => new { x.rule_id, x.key });
                    table.ForeignKey(
                        name: "fk_rule_standings_rules_rule_id",
                        column: x => x.rule_id,
                        principalSchema: "metrics",
                        principalTable: "rules",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "beats",
                schema: "incidents",
                columns: table => new
                {
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_beats", x => x.source_id);
                    table.ForeignKey(
                        name: "fk_beats_sources_source_id",
                        column: x => x.source_id,
                        principalSchema: "incidents",
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "deliveries",
                schema: "incidents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    path = table.Column<string>(type: "character varying(600)", maxLength: 600, nullable: false),
                    body = table.Column<string>(type: "text", nullable: true),
                    outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    signals = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deliveries", x => x.id);
                    table.ForeignKey(
                        name: "fk_deliveries_sources_source_id",
                        column: x => x.source_id,
                        principalSchema: "incidents",
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "families",
                schema: "metrics",
                columns: table => new
                {
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    help = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_families", x => new { x.source_id, x.name });
                    table.ForeignKey(
                        name: "fk_families_metric_source_source_id",
                        column: x => x.source_id,
                        principalSchema: "metrics",
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "statuses",
                schema: "metrics",
                columns: table => new
                {
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_scrape_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    last_good_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    duration_ms = table.Column<int>(type: "integer", nullable: false),
                    samples = table.Column<int>(type: "integer", nullable: false),
                    bytes = table.Column<long>(type: "bigint", nullable: false),
                    duplicates = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true),
                    error_line = table.Column<int>(type: "integer", nullable: true),
                    skew_ms = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_statuses", x => x.source_id);
                    table.ForeignKey(
                        name: "fk_statuses_metric_source_source_id",
                        column: x => x.source_id,
                        principalSchema: "metrics",
                        principalTable: "sources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "answer_versions",
                schema: "reviews",
                columns: table => new
                {
                    review_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    value = table.Column<string>(type: "text", nullable: true),
                    comment = table.Column<string>(type: "text", nullable: false),
                    evidence = table.Column<string>(type: "jsonb", nullable: false),
                    by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    restores = table.Column<int>(type: "integer", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_answer_versions", x => new { x.review_id, x.key, x.version });
                    table.ForeignKey(
                        name: "fk_answer_versions_reviews_review_id",
                        column: x => x.review_id,
                        principalSchema: "reviews",
                        principalTable: "reviews",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "answers",
                schema: "reviews",
                columns: table => new
                {
                    review_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    value = table.Column<string>(type: "text", nullable: true),
                    comment = table.Column<string>(type: "text", nullable: false),
                    evidence = table.Column<string>(type: "jsonb", nullable: false),
                    answered_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    evidence_error = table.Column<string>(type: "text", nullable: true),
                    evidence_read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    restores = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_answers", x => new { x.review_id, x.key });
                    table.ForeignKey(
                        name: "fk_answers_reviews_review_id",
                        column: x => x.review_id,
                        principalSchema: "reviews",
                        principalTable: "reviews",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "evidence_files",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    review_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "character varying(210)", maxLength: 210, nullable: false),
                    media_type = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    size = table.Column<int>(type: "integer", nullable: false),
                    sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false),
                    by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evidence_files", x => x.id);
                    table.ForeignKey(
                        name: "fk_evidence_files_review_review_id",
                        column: x => x.review_id,
                        principalSchema: "reviews",
                        principalTable: "reviews",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                schema: "reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    review_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    invited_by = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    traded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    traded_by = table.Column<Guid>(type: "uuid", nullable: true),
                    session_id = table.Column<Guid>(type: "uuid", nullable: true),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations1", x => x.id);
                    table.ForeignKey(
                        name: "fk_invitations_partners_partner_id",
                        column: x => x.partner_id,
                        principalSchema: "partners",
                        principalTable: "partners",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_invitations_people_traded_by",
                        column: x => x.traded_by,
                        principalSchema: "access",
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_invitations_review_review_id",
                        column: x => x.review_id,
                        principalSchema: "reviews",
                        principalTable: "reviews",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "steps",
                schema: "escalation",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    incident_id = table.Column<Guid>(type: "uuid", nullable: false),
                    turn = table.Column<int>(type: "integer", nullable: false),
                    policy = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    calls = table.Column<string>(type: "jsonb", nullable: false),
                    gaps = table.Column<string>(type: "jsonb", nullable: false),
                    passed = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_steps", x => x.id);
                    table.ForeignKey(
                        name: "fk_steps_runs_run_id",
                        column: x => x.run_id,
                        principalSchema: "escalation",
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_actions_integration_id",
                schema: "actions",
                table: "actions",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_actions_partner_id_state",
                schema: "actions",
                table: "actions",
                columns: new[] { "partner_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_actions_search_text",
                schema: "actions",
                table: "actions",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_actions_source_key",
                schema: "actions",
                table: "actions",
                column: "source_key",
                unique: true,
                filter: "state = 'open'");

            migrationBuilder.CreateIndex(
                name: "ix_actions_state_due_id",
                schema: "actions",
                table: "actions",
                columns: new[] { "state", "due", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_incident_id",
                schema: "incidents",
                table: "alerts",
                column: "incident_id");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_integration_id",
                schema: "incidents",
                table: "alerts",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_partner_id_id",
                schema: "incidents",
                table: "alerts",
                columns: new[] { "partner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_settled",
                schema: "incidents",
                table: "alerts",
                column: "settled",
                filter: "NOT settled");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_source_source_id_dedup_key",
                schema: "incidents",
                table: "alerts",
                columns: new[] { "source", "source_id", "dedup_key" },
                unique: true,
                filter: "resolved_at IS NULL")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_attempts_contact_id_id",
                schema: "contacts",
                table: "attempts",
                columns: new[] { "contact_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_channels_callback_hash",
                schema: "escalation",
                table: "channels",
                column: "callback_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_channels_owner_order",
                schema: "escalation",
                table: "channels",
                columns: new[] { "owner", "order" });

            migrationBuilder.CreateIndex(
                name: "ix_channels_slug",
                schema: "escalation",
                table: "channels",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_charts_integration_id_place",
                schema: "metrics",
                table: "charts",
                columns: new[] { "integration_id", "place" });

            migrationBuilder.CreateIndex(
                name: "ix_claims_user_id",
                schema: "access",
                table: "claims",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_partner_id_slug",
                schema: "contacts",
                table: "contacts",
                columns: new[] { "partner_id", "slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_search_text",
                schema: "contacts",
                table: "contacts",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_counter_pairs_integration_id",
                schema: "metrics",
                table: "counter_pairs",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_counter_pairs_partner_id_slug",
                schema: "metrics",
                table: "counter_pairs",
                columns: new[] { "partner_id", "slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_received_at",
                schema: "incidents",
                table: "deliveries",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_source_id_hash_received_at",
                schema: "incidents",
                table: "deliveries",
                columns: new[] { "source_id", "hash", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_source_id_id",
                schema: "incidents",
                table: "deliveries",
                columns: new[] { "source_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_source_id_key",
                schema: "incidents",
                table: "deliveries",
                columns: new[] { "source_id", "key" },
                unique: true,
                filter: "key IS NOT NULL AND outcome = 'accepted'");

            migrationBuilder.CreateIndex(
                name: "ix_entries_id",
                schema: "audit",
                table: "entries",
                column: "id",
                filter: "position IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_entries_kind_subject_id_id",
                schema: "audit",
                table: "entries",
                columns: new[] { "kind", "subject_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_entries_partner_id_id",
                schema: "audit",
                table: "entries",
                columns: new[] { "partner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_entries_position",
                schema: "audit",
                table: "entries",
                column: "position",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_entries_incident_id_id",
                schema: "incidents",
                table: "entries",
                columns: new[] { "incident_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_events_integration_id",
                schema: "metrics",
                table: "events",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_events_partner_id_at",
                schema: "metrics",
                table: "events",
                columns: new[] { "partner_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_evidence_files_review_id",
                schema: "reviews",
                table: "evidence_files",
                column: "review_id");

            migrationBuilder.CreateIndex(
                name: "ix_habits_owner",
                schema: "escalation",
                table: "habits",
                column: "owner",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_at",
                schema: "portal",
                table: "idempotency",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_incidents_integration_id_group",
                schema: "incidents",
                table: "incidents",
                columns: new[] { "integration_id", "group" },
                unique: true,
                filter: "resolved_at IS NULL")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_incidents_number",
                schema: "incidents",
                table: "incidents",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_incidents_opened_at",
                schema: "incidents",
                table: "incidents",
                column: "opened_at",
                filter: "resolved_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_incidents_part_of",
                schema: "incidents",
                table: "incidents",
                column: "part_of",
                filter: "part_of IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_incidents_partner_id_id",
                schema: "incidents",
                table: "incidents",
                columns: new[] { "partner_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_integrations_escalation_policy",
                schema: "integrations",
                table: "integrations",
                column: "escalation_policy");

            migrationBuilder.CreateIndex(
                name: "ix_integrations_partner_id_slug",
                schema: "integrations",
                table: "integrations",
                columns: new[] { "partner_id", "slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_integrations_stage",
                schema: "integrations",
                table: "integrations",
                column: "stage");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_hash",
                schema: "access",
                table: "invitations",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_partner_id",
                schema: "access",
                table: "invitations",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_hash1",
                schema: "reviews",
                table: "invitations",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_partner_id1",
                schema: "reviews",
                table: "invitations",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_review_id",
                schema: "reviews",
                table: "invitations",
                column: "review_id");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_traded_by_review_id",
                schema: "reviews",
                table: "invitations",
                columns: new[] { "traded_by", "review_id" });

            migrationBuilder.CreateIndex(
                name: "ix_logins_user_id",
                schema: "access",
                table: "logins",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_maintenance_integration_id_ends_at",
                schema: "communications",
                table: "maintenance",
                columns: new[] { "integration_id", "ends_at" });

            migrationBuilder.CreateIndex(
                name: "ix_maintenance_partner_id_starts_at",
                schema: "communications",
                table: "maintenance",
                columns: new[] { "partner_id", "starts_at" });

            migrationBuilder.CreateIndex(
                name: "ix_maintenance_silence_id",
                schema: "communications",
                table: "maintenance",
                column: "silence_id");

            migrationBuilder.CreateIndex(
                name: "ix_notifications_channel_address_sent_at",
                schema: "escalation",
                table: "notifications",
                columns: new[] { "channel", "address", "sent_at" });

            migrationBuilder.CreateIndex(
                name: "ix_notifications_channel_id",
                schema: "escalation",
                table: "notifications",
                column: "channel_id",
                filter: "channel_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_notifications_due_at",
                schema: "escalation",
                table: "notifications",
                column: "due_at",
                filter: "state IN ('pending', 'sending')");

            migrationBuilder.CreateIndex(
                name: "ix_notifications_incident_id",
                schema: "escalation",
                table: "notifications",
                column: "incident_id");

            migrationBuilder.CreateIndex(
                name: "ix_notifications_key",
                schema: "escalation",
                table: "notifications",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_notifications_recipient_id",
                schema: "escalation",
                table: "notifications",
                columns: new[] { "recipient", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_partners_name_slug",
                schema: "partners",
                table: "partners",
                columns: new[] { "name", "slug" });

            migrationBuilder.CreateIndex(
                name: "ix_partners_search_text",
                schema: "partners",
                table: "partners",
                column: "search_text")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_partners_slug",
                schema: "partners",
                table: "partners",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_partners_tags",
                schema: "partners",
                table: "partners",
                column: "tags")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_passkeys_user_id",
                schema: "access",
                table: "passkeys",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_people_normalized_email",
                schema: "access",
                table: "people",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_people_partner_id",
                schema: "access",
                table: "people",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                schema: "access",
                table: "people",
                column: "normalized_user_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_reviews_integration_id_id",
                schema: "reviews",
                table: "reviews",
                columns: new[] { "integration_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_reviews_partner_id",
                schema: "reviews",
                table: "reviews",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_reviews_template_version_id",
                schema: "reviews",
                table: "reviews",
                column: "template_version_id");

            migrationBuilder.CreateIndex(
                name: "ix_rules_integration_id",
                schema: "metrics",
                table: "rules",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_rules_partner_id_slug",
                schema: "metrics",
                table: "rules",
                columns: new[] { "partner_id", "slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_runbooks_partner_id_slug",
                schema: "runbooks",
                table: "runbooks",
                columns: new[] { "partner_id", "slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_runs_due_at",
                schema: "escalation",
                table: "runs",
                column: "due_at",
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_runs_incident_id",
                schema: "escalation",
                table: "runs",
                column: "incident_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_runs_incident_id_runbook_id",
                schema: "runbooks",
                table: "runs",
                columns: new[] { "incident_id", "runbook_id" },
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_runs_partner_id",
                schema: "runbooks",
                table: "runs",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_runs_runbook_id_id",
                schema: "runbooks",
                table: "runs",
                columns: new[] { "runbook_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_schedules_slug",
                schema: "escalation",
                table: "schedules",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sessions_person_id",
                schema: "access",
                table: "sessions",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_sessions_seen_at",
                schema: "access",
                table: "sessions",
                column: "seen_at");

            migrationBuilder.CreateIndex(
                name: "ix_shift_feeds_hash",
                schema: "escalation",
                table: "shift_feeds",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_shift_feeds_owner",
                schema: "escalation",
                table: "shift_feeds",
                column: "owner");

            migrationBuilder.CreateIndex(
                name: "ix_shift_feeds_schedule_id",
                schema: "escalation",
                table: "shift_feeds",
                column: "schedule_id");

            migrationBuilder.CreateIndex(
                name: "ix_shifts_schedule_id_from",
                schema: "escalation",
                table: "shifts",
                columns: new[] { "schedule_id", "from" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_silences_ended_at",
                schema: "incidents",
                table: "silences",
                column: "ended_at",
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_silences_partner_id",
                schema: "incidents",
                table: "silences",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_sources_hash",
                schema: "incidents",
                table: "sources",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sources_integration_id",
                schema: "incidents",
                table: "sources",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_sources_partner_id",
                schema: "incidents",
                table: "sources",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_sources_integration_id1",
                schema: "metrics",
                table: "sources",
                column: "integration_id");

            migrationBuilder.CreateIndex(
                name: "ix_sources_partner_id_name",
                schema: "metrics",
                table: "sources",
                columns: new[] { "partner_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_steps_incident_id",
                schema: "escalation",
                table: "steps",
                column: "incident_id");

            migrationBuilder.CreateIndex(
                name: "ix_steps_run_id_turn",
                schema: "escalation",
                table: "steps",
                columns: new[] { "run_id", "turn" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_targets_integration_id_key",
                schema: "reviews",
                table: "targets",
                columns: new[] { "integration_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_targets_integration_id_normal_subject",
                schema: "reviews",
                table: "targets",
                columns: new[] { "integration_id", "normal_subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_targets_partner_id",
                schema: "reviews",
                table: "targets",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_teams_slug",
                schema: "escalation",
                table: "teams",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_template_versions_template_id_number",
                schema: "reviews",
                table: "template_versions",
                columns: new[] { "template_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_templates_slug",
                schema: "reviews",
                table: "templates",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tokens_hash",
                schema: "access",
                table: "tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tokens_owner_id",
                schema: "access",
                table: "tokens",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "ix_tokens_partner_id",
                schema: "access",
                table: "tokens",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_waivers_integration_id_area_subject",
                schema: "reviews",
                table: "waivers",
                columns: new[] { "integration_id", "area", "subject" },
                unique: true,
                filter: "ended_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_waivers_partner_id",
                schema: "reviews",
                table: "waivers",
                column: "partner_id");

            migrationBuilder.CreateIndex(
                name: "ix_writers_partner_job_instance",
                schema: "metrics",
                table: "writers",
                columns: new[] { "partner", "job", "instance" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "actions",
                schema: "actions");

            migrationBuilder.DropTable(
                name: "alerts",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "answer_versions",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "answers",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "attempts",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "beats",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "channels",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "charts",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "claims",
                schema: "access");

            migrationBuilder.DropTable(
                name: "cookie_keys",
                schema: "access");

            migrationBuilder.DropTable(
                name: "counter_pairs",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "deliveries",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "entries",
                schema: "audit");

            migrationBuilder.DropTable(
                name: "entries",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "events",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "evidence_files",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "families",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "forwarded",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "habits",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "heads",
                schema: "audit");

            migrationBuilder.DropTable(
                name: "idempotency",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "inhibitions",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "invitations",
                schema: "access");

            migrationBuilder.DropTable(
                name: "invitations",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "leases",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "logins",
                schema: "access");

            migrationBuilder.DropTable(
                name: "maintenance",
                schema: "communications");

            migrationBuilder.DropTable(
                name: "modules",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "notifications",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "passkeys",
                schema: "access");

            migrationBuilder.DropTable(
                name: "pushed_families",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "rule_runs",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "rule_standings",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "runs",
                schema: "runbooks");

            migrationBuilder.DropTable(
                name: "sealed",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "secrets",
                schema: "access");

            migrationBuilder.DropTable(
                name: "series",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "sessions",
                schema: "access");

            migrationBuilder.DropTable(
                name: "shift_feeds",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "shifts",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "statuses",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "steps",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "targets",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "teams",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "template_drafts",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "tokens",
                schema: "access");

            migrationBuilder.DropTable(
                name: "versions",
                schema: "runbooks");

            migrationBuilder.DropTable(
                name: "waivers",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "writers",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "contacts",
                schema: "contacts");

            migrationBuilder.DropTable(
                name: "sources",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "reviews",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "silences",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "rules",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "schedules",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "sources",
                schema: "metrics");

            migrationBuilder.DropTable(
                name: "runs",
                schema: "escalation");

            migrationBuilder.DropTable(
                name: "people",
                schema: "access");

            migrationBuilder.DropTable(
                name: "runbooks",
                schema: "runbooks");

            migrationBuilder.DropTable(
                name: "template_versions",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "incidents",
                schema: "incidents");

            migrationBuilder.DropTable(
                name: "templates",
                schema: "reviews");

            migrationBuilder.DropTable(
                name: "integrations",
                schema: "integrations");

            migrationBuilder.DropTable(
                name: "partners",
                schema: "partners");

            migrationBuilder.DropTable(
                name: "policies",
                schema: "escalation");
        }
    }
}
