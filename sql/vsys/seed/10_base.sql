INSERT INTO vsys.product (product, name_ja, name_en, maker_ja, vials_per_box, doses_per_vial, course_doses, interval_min_days, interval_days, interval_max_days, min_age, route, own_basic)
VALUES
	('comirnaty', 'コミナティ筋注', 'Comirnaty', 'ファイザー', 195, 6, 2, 19, 21, NULL, 12, 'carrier', false),
	('spikevax', 'スパイクバックス筋注', 'Spikevax', '武田/モデルナ', 10, 10, 2, 21, 28, NULL, 12, 'wholesaler', false),
	('vaxzevria', 'バキスゼブリア筋注', 'Vaxzevria', 'アストラゼネカ', 10, 10, 2, 28, 56, NULL, 40, 'wholesaler', true);

INSERT INTO vsys.priority_group (priority_group, position, name_ja, name_en)
VALUES
	('health_worker', 1, '医療従事者等', 'Health workers'),
	('elderly', 2, '高齢者', 'Aged 65 and over'),
	('conditions', 3, '基礎疾患を有する者', 'With underlying conditions'),
	('care_worker', 4, '高齢者施設等の従事者', 'Workers in care homes'),
	('general', 5, 'それ以外の者', 'All others');

INSERT INTO vsys.programme (programme, name_ja, name_en, valid)
VALUES
	('covid19_primary', '新型コロナウイルスワクチン初回接種', 'COVID-19 primary course', '[2021-02-17,2024-04-01)'),
	('covid19_third', '新型コロナウイルスワクチン追加接種（3回目）', 'COVID-19 third dose', '[2021-12-01,2024-04-01)');

INSERT INTO vsys.programme_product (programme, product)
VALUES
	('covid19_primary', 'comirnaty'),
	('covid19_primary', 'spikevax'),
	('covid19_primary', 'vaxzevria'),
	('covid19_third', 'comirnaty'),
	('covid19_third', 'spikevax');
